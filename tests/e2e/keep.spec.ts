// What outlives the page: unsent messages and the draft of a tab, in a place that nobody can read.
import { expect, test } from "./fixtures.ts";

/** The texts and numbers of everything in the tab's storage, bytes as characters. */
const stored = () =>
  new Promise<string>((resolve) => {
    const request = indexedDB.open("guest-messenger");
    request.onsuccess = () => {
      const all = request.result.transaction("vault").objectStore("vault").getAll();
      all.onsuccess = () => {
        const texts = all.result.map((entry) => (entry.data ? new TextDecoder("latin1").decode(entry.data) : `extractable: ${entry.extractable}`));
        request.result.close();
        resolve([...texts, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })].join("\n"));
      };
    };
  });

test("a message written while the platform is down is sent once after a reload", async ({ widget, control, standIn, page }) => {
  await widget.chat("Hello");
  await standIn.kill();
  await widget.send("Before the reload");
  await expect(widget.message("Before the reload")).toHaveAttribute("data-delivery", "queued");
  await page.reload();
  await standIn.start();
  await widget.expectDelivered("Before the reload");
  await widget.expectTexts(["Hello", "Before the reload"]);
  expect(await control.texts()).toEqual(["Hello", "Before the reload"]);
});

test("a message whose echo never came is not doubled by a reload", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  await control.fault({ kind: "drop", direction: "to_guest" });
  await widget.send("Arrived, unheard");
  await expect.poll(() => control.texts()).toEqual(["Hello", "Arrived, unheard"]);
  await page.reload();
  await widget.expectDelivered("Arrived, unheard");
  await widget.expectTexts(["Hello", "Arrived, unheard"]);
  expect(await control.texts()).toEqual(["Hello", "Arrived, unheard"]);
});

test("what was being written is there again after a reload, and gone once it is sent", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const before = await page.evaluate(stored);
  await widget.input.fill("Half a tho");
  await expect.poll(() => page.evaluate(stored), "the encrypted draft").not.toBe(before);
  await page.reload();
  await expect(widget.input).toHaveValue("Half a tho");
  await widget.input.press("End");
  await widget.input.pressSequentially("ught");
  await widget.input.press("Enter");
  await widget.expectDelivered("Half a thought");
  await page.reload();
  await widget.expectTexts(["Hello", "Half a thought"]);
  await expect(widget.input).toHaveValue("");
  expect(await control.texts()).toEqual(["Hello", "Half a thought"]);
});

test("a message and the draft that it was are never both there after a reload", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const before = await page.evaluate(stored);
  await widget.input.fill("Sent, and then left at once");
  await expect.poll(() => page.evaluate(stored), "the encrypted draft").not.toBe(before);
  // From here on the storage takes one more thing, and then the page is gone.
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    const del = IDBObjectStore.prototype.delete;
    let puts = 0;
    IDBObjectStore.prototype.put = function (value, key) {
      return put.call(this, value, puts++ === 0 ? key : "too late");
    };
    IDBObjectStore.prototype.delete = function (key) {
      return del.call(this, puts === 0 ? key : "too late");
    };
  });
  await widget.input.press("Enter");
  await widget.expectDelivered("Sent, and then left at once");
  await page.reload();
  await widget.expectTexts(["Hello", "Sent, and then left at once"]);
  await expect(widget.input).toHaveValue("");
  expect(await control.texts()).toEqual(["Hello", "Sent, and then left at once"]);
});

test("nothing that is kept can be read in the storage, and the key cannot be taken out", async ({ widget, standIn, page }) => {
  await widget.chat("Hello");
  await standIn.kill();
  await widget.send("A private question");
  await expect(widget.message("A private question")).toHaveAttribute("data-delivery", "queued");
  const all = await page.evaluate(stored);
  expect(all).toContain("extractable: false");
  expect(all.length).toBeGreaterThan(100);
  expect(all).not.toContain("private");
});

test("a duplicated tab does not send what the first one has to send", async ({ widget, secondWidget, control, standIn, page }) => {
  await widget.chat("Hello");
  await standIn.kill();
  await widget.send("Only once");
  await expect(widget.message("Only once")).toHaveAttribute("data-delivery", "queued");
  const copied = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  await secondWidget.page.addInitScript((text) => {
    for (const [name, value] of Object.entries(JSON.parse(text))) if (!sessionStorage.getItem(name)) sessionStorage.setItem(name, String(value));
  }, copied);
  await standIn.start();
  await secondWidget.visit();
  await widget.expectDelivered("Only once");
  await secondWidget.expectTexts(["Hello", "Only once"]);
  expect(await control.texts()).toEqual(["Hello", "Only once"]);
});
