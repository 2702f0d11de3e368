// Storage that throws, is full, is emptied, or holds what others have left there.
import { Widget, expect, test } from "./fixtures.ts";
import { Door } from "./support/sandboxed.ts";
import { deploymentId } from "./support/stand-in.ts";

const mark = `guest-messenger:${deploymentId}`;

/** No more fits into this page's storage. */
async function fill(widget: Widget): Promise<void> {
  await widget.page.evaluate(() => {
    for (const area of [localStorage, sessionStorage]) {
      for (let size = 5 << 20; size >= 1; size >>= 1) {
        try {
          area.setItem(`ballast-${size}`, "x".repeat(size));
        } catch {
          // That much no longer fits; half of it may.
        }
      }
    }
  });
  const devtools = await widget.page.context().newCDPSession(widget.page);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: new URL(widget.page.url()).origin, quotaSize: 1 });
}

test("in a sandboxed frame, where every storage throws, messages are sent and answered", async ({ page, website, standIn, control }) => {
  const door = await Door.open(standIn.url);
  const inside = `<!doctype html><title>A frame</title>${website.scriptTag({ endpoint: door.url })}`;
  const outside = new Widget(page, website);
  await outside.visit({ script: `<iframe sandbox="allow-scripts" title="A shop" width="800" height="700" srcdoc="${inside.replaceAll('"', "&quot;")}"></iframe>` });
  const widget = new Widget(page, website, page.frameLocator("iframe"));
  const forbidden = await widget.host.evaluate(() => {
    const reads = [() => localStorage, () => sessionStorage, () => document.cookie, () => indexedDB.open("any")];
    return reads.map((read) => {
      try {
        read();
        return "allowed";
      } catch (error) {
        return (error as Error).name;
      }
    });
  });
  expect(forbidden).toEqual(Array(4).fill("SecurityError"));
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await control.say("Welcome");
  await widget.expectTexts(["Hello", "Welcome"]);
  await control.fault({ kind: "kill" });
  await widget.send("Still me");
  await widget.expectDelivered("Still me");
  await widget.expectTexts(["Hello", "Welcome", "Still me"]);
  expect(await control.texts()).toEqual(["Hello", "Welcome", "Still me"]);
  await door.close();
});

for (const remember of ["false", "true"]) {
  test(`with a full storage (remember=${remember}) nothing is lost while the page lives, and it is told once, when a message is unsent`, async ({ widget, control, standIn }) => {
    await widget.visit({ attributes: { remember } });
    await fill(widget);
    const errors = await widget.listen("error");
    const connections = await widget.listen("connection");
    await widget.open();
    await expect.poll(async () => (await connections()).map(({ state }) => state)).toContain("connected");
    expect(await widget.mark(remember === "true" ? "localStorage" : "sessionStorage"), "the storage is full").toBeNull();
    expect(await errors(), "nothing is unsent").toEqual([]);

    await standIn.kill();
    await widget.send("Kept in memory");
    await widget.send("And this one");
    await expect.poll(errors).toMatchObject([{ code: "storage/unavailable" }]);
    await standIn.start();
    await widget.expectDelivered("Kept in memory");
    await widget.expectDelivered("And this one");
    await control.say("Welcome");
    await widget.expectTexts(["Kept in memory", "And this one", "Welcome"]);
    expect(await control.texts()).toEqual(["Kept in memory", "And this one", "Welcome"]);
    expect(await errors()).toHaveLength(1);
  });
}

test("storage that is emptied in the middle of a conversation costs nothing, and is used again", async ({ widget, control, standIn, page }) => {
  await widget.chat("Hello");
  const errors = await widget.listen("error");
  await standIn.kill();
  await widget.send("Before");
  await expect(widget.message("Before")).toHaveAttribute("data-delivery", "queued");
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Storage.clearDataForOrigin", { origin: new URL(page.url()).origin, storageTypes: "all" });
  await page.evaluate(() => sessionStorage.clear());
  await widget.send("After");
  await standIn.start();
  await widget.expectDelivered("Before");
  await widget.expectDelivered("After");

  await standIn.kill();
  await widget.send("Over the reload");
  await expect(widget.message("Over the reload")).toHaveAttribute("data-delivery", "queued");
  expect(await errors()).toEqual([]);
  await page.reload();
  await standIn.start();
  await widget.expectDelivered("Over the reload");
  await widget.expectTexts(["Hello", "Before", "After", "Over the reload"]);
  expect(await control.texts()).toEqual(["Hello", "Before", "After", "Over the reload"]);
});

test("what others, a fault or a later version left in the place of the session is not taken for one, and a clean one begins", async ({ widget, control, page }) => {
  const later = JSON.stringify({ v: 2, token: "from-the-future", live: true, open: true, more: {} });
  const strange = ["{", "\u0000\ud800", "[1,2]", JSON.stringify({ v: 1, token: { a: 1 }, live: "yes" }), "x".repeat(100_000), later];
  await widget.visit();
  for (const text of strange) {
    await page.evaluate(([mark, text]) => sessionStorage.setItem(mark, text), [mark, text] as const);
    await page.reload();
    await expect(widget.launcher).toHaveAccessibleName("Open chat");
    await widget.open();
    await expect.poll(() => widget.mark().catch(() => null)).toMatchObject({ v: 1, live: true, token: expect.not.stringContaining("future") });
  }
  await widget.send("A clean start");
  await widget.expectDelivered("A clean start");
  await page.reload();
  await widget.expectTexts(["A clean start"]);
  expect(await control.texts()).toEqual(["A clean start"]);
});

/** When the messages of this tab were last kept, by the clock of the page. */
const keptAt_ms = () =>
  new Promise<number>((resolve) => {
    const opening = indexedDB.open("guest-messenger");
    opening.onsuccess = () => {
      const all = opening.result.transaction("vault").objectStore("vault").getAll();
      all.onsuccess = () => {
        opening.result.close();
        resolve(Math.max(...all.result.map((entry) => entry.savedAt_ms ?? 0)));
      };
    };
  });

/** What an unreadable vault can look like. */
const spoilt: Record<string, (store: IDBObjectStore, place: IDBValidKey) => unknown> = {
  "an entry that no key opens": (store, place) => store.put({ iv: new Uint8Array(12), data: new ArrayBuffer(40), savedAt_ms: Date.now() - 1_000 }, place),
  "an entry of another kind": (store, place) => store.put("something else", place),
  "a key that is none": (store) => store.put({ kty: "none" }, "key"),
};

for (const [what, spoil] of Object.entries(spoilt)) {
  test(`${what} in the place of unsent messages is passed over, and the place is used again`, async ({ widget, control, standIn, page }) => {
    await widget.chat("Hello");
    await standIn.kill();
    await widget.send("Lost with the storage");
    await expect(widget.message("Lost with the storage")).toHaveAttribute("data-delivery", "queued");
    await page.evaluate(`new Promise((done) => {
      const opening = indexedDB.open("guest-messenger");
      opening.onsuccess = () => {
        const transaction = opening.result.transaction("vault", "readwrite");
        const store = transaction.objectStore("vault");
        const names = store.getAllKeys();
        names.onsuccess = () => (${spoil.toString()})(store, names.result.find((name) => name !== "key"));
        transaction.oncomplete = () => { opening.result.close(); done(); };
      };
    })`);
    await page.reload();
    await widget.send("Written after it");
    await expect(widget.message("Written after it")).toHaveAttribute("data-delivery", "queued");
    const now_ms = await page.evaluate(() => Date.now());
    // What is kept for a draft holds the messages before it.
    await widget.input.fill("And a draft");
    await expect.poll(() => page.evaluate(keptAt_ms)).toBeGreaterThan(now_ms);
    await page.reload();
    await standIn.start();
    await widget.expectDelivered("Written after it");
    expect((await control.texts()).at(-1)).toBe("Written after it");
  });
}

test("a database that another page holds back delays a message by two seconds at most, and that is told", async ({ widget, control, page }) => {
  await widget.visit();
  // An old page that neither hears of the change nor lets go; what is asked for after it waits.
  await page.evaluate(
    () =>
      new Promise<void>((held) => {
        const opening = indexedDB.open("guest-messenger", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("vault");
        opening.onsuccess = () => {
          (window as any)[Symbol.for("old page")] = opening.result;
          indexedDB.deleteDatabase("guest-messenger").onblocked = () => held();
        };
      }),
  );
  const errors = await widget.listen("error");
  await widget.open();
  await widget.send("Not held back");
  await widget.expectDelivered("Not held back");
  expect(await errors()).toMatchObject([{ code: "storage/unavailable" }]);
  expect(await control.texts()).toEqual(["Not held back"]);
});

test("a later version that another page brings gets the database at once, and this page goes on without it", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const errors = await widget.listen("error");
  const upgraded = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const opening = indexedDB.open("guest-messenger", 2);
        opening.onblocked = () => resolve("blocked");
        opening.onsuccess = () => resolve("upgraded");
      }),
  );
  expect(upgraded).toBe("upgraded");
  await widget.send("Kept in memory");
  await widget.expectDelivered("Kept in memory");
  await widget.expectTexts(["Hello", "Kept in memory"]);
  expect(await errors()).toMatchObject([{ code: "storage/unavailable" }]);
  expect(await control.texts()).toEqual(["Hello", "Kept in memory"]);
});
