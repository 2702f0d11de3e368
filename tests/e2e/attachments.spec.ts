// Files that the visitor sends.
import { type Control, expect, test } from "./fixtures.ts";
import { Tray, largeFile, picture, slowUploads, textFile } from "./support/files.ts";

/** The names of the files that the platform has in messages, in order. */
async function filesOf(control: Control): Promise<string[]> {
  const { messages } = await control.conversation();
  const attachments = messages.flatMap(({ content }) => content).filter((item) => item["contentType"] === "Attachment");
  return attachments.map(({ attachment }) => (attachment as { filename: string }).filename);
}

test("a picture chosen by the button is uploaded, sent with the text, and shown", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const tray = new Tray(widget);
  await tray.choose(await picture(page, "shoe.png"));
  await tray.expectState("shoe.png", "uploaded");
  await expect(tray.note("shoe.png")).toContainText("Ready to send");
  await expect(tray.row("shoe.png").locator("canvas"), "a thumbnail").toBeVisible();
  await widget.send("This one");
  await widget.expectDelivered("This one");
  await expect(tray.rows).toHaveCount(0);
  const image = widget.message("This one").locator("[part=image]");
  await expect(image).toHaveJSProperty("complete", true);
  expect(await image.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(320);
  expect(await filesOf(control)).toEqual(["shoe.png"]);
});

test("files come in by drop and by paste, and go out alone", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const tray = new Tray(widget);
  await tray.bring("drop", [await picture(page, "dropped.png"), textFile("notes.txt")]);
  await tray.bring("paste", [await picture(page, "image.png")]);
  for (const name of ["dropped.png", "notes.txt", "image.png"]) await tray.expectState(name, "uploaded");
  await expect(widget.panel).not.toHaveAttribute("data-drop");
  await widget.part("send").click();
  await expect(tray.rows).toHaveCount(0);
  await expect.poll(() => filesOf(control)).toEqual(["dropped.png", "notes.txt", "image.png"]);
  await expect(widget.part("image")).toHaveCount(2);
  await expect(widget.part("file")).toHaveText(/notes\.txt/);
  await expect(widget.messages.last()).toHaveAttribute("data-delivery", "sent");
});

test("a paste that has text beside its picture is text", async ({ widget, page }) => {
  await widget.chat("Hello");
  const tray = new Tray(widget);
  await tray.bring("paste", [await picture(page, "cells.png")], "1\t2");
  await tray.bring("paste", [await picture(page, "image.png")]);
  await tray.expectState("image.png", "uploaded");
  await expect(tray.rows).toHaveCount(1);
});

test("each file that cannot be sent says why, in a sentence, and the platform is not asked", async ({ widget, control, page }) => {
  await control.set({ file_types: ["image/*", "text/plain"], file_max_kb: 2 });
  await widget.chat("Hello");
  const tray = new Tray(widget);
  const png = await picture(page, "x.png");
  const reasons: [string, string, Buffer, string][] = [
    ["empty.txt", "text/plain", Buffer.alloc(0), "This file is empty."],
    ["large.txt", "text/plain", Buffer.alloc(2001), "This file is too large. Files can have up to 2 kB."],
    ["song.mp3", "audio/mpeg", Buffer.from("ID3"), "This type of file can’t be sent here."],
    ["virus.txt.exe", "text/plain", Buffer.from("MZ"), "This type of file can’t be sent here."],
    ["page.png", "image/png", Buffer.from("<script>__pwn()</script>"), "What’s in this file doesn’t match its name."],
    ["noending", "text/plain", Buffer.from("a"), "The name needs an ending, such as .pdf."],
    ["a%00b.png", "image/png", png.buffer, "The name has characters that can’t be sent. Please rename the file."],
    [`${"a".repeat(1024)}.txt`, "text/plain", Buffer.from("a"), "The name is too long. Please rename the file."],
  ];
  await tray.bring("drop", reasons.map(([name, mimeType, buffer]) => ({ name, mimeType, buffer })));
  for (const [name, , , reason] of reasons) {
    await expect(tray.note(name)).toHaveText(reason);
    await expect(tray.again(name), "it would fail again").toBeHidden();
  }
  expect(widget.wire.sent.some((frame) => frame["action"] === "onAttachment")).toBe(false);
  await widget.send("Without them");
  await widget.expectDelivered("Without them");
  await expect(tray.rows).toHaveCount(reasons.length);
});

test("what the platform finds wrong is told at the file", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const tray = new Tray(widget);
  const file = await picture(page, "other.png");
  // What begins as it must in the browser and is something else when it arrives.
  await page.route("**/uploads/**", (route) => (route.request().method() === "PUT" ? route.continue({ postData: Buffer.alloc(file.buffer.length, "<") }) : route.continue()));
  await tray.choose(file);
  await expect(tray.note("other.png")).toHaveText("What’s in this file doesn’t match its name.");
  await page.unroute("**/uploads/**");
  await control.set({ attachments: false });
  await tray.choose(await picture(page, "late.png"));
  await expect(tray.note("late.png")).toHaveText("Files can’t be sent in this conversation.");
});

test("a pressed Send waits for the files that are under way", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const tray = new Tray(widget);
  const quicken = await slowUploads(page, 400_000);
  await tray.choose(largeFile("slow.txt"));
  await tray.expectState("slow.txt", "uploading");
  await widget.send("With the slow one");
  await expect(widget.part("limit")).toHaveText("Sending as soon as your files are there…");
  await expect(widget.message("With the slow one")).toHaveCount(0);
  await quicken();
  await widget.expectDelivered("With the slow one");
  await expect(widget.input).toHaveValue("");
  expect(await filesOf(control)).toEqual(["slow.txt"]);
});

test("progress is shown and an upload can be cancelled, after which its bytes stop", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const tray = new Tray(widget);
  const quicken = await slowUploads(page, 400_000);
  const failed = page.waitForEvent("requestfailed", (request) => request.method() === "PUT");
  await tray.choose(largeFile("big.txt"));
  const progress = tray.row("big.txt").getByRole("progressbar");
  await expect.poll(async () => Number(await progress.getAttribute("aria-valuenow"))).toBeGreaterThan(5);
  expect(Number(await progress.getAttribute("aria-valuenow"))).toBeLessThan(95);
  await expect(tray.note("big.txt")).toHaveText(/^4 MB · \d+%$/);
  await tray.remove("big.txt").click();
  await expect(tray.rows).toHaveCount(0);
  await expect(widget.input).toBeFocused();
  expect((await failed).failure()?.errorText).toBe("net::ERR_ABORTED");
  await quicken();
  await widget.send("Never mind");
  await widget.expectDelivered("Never mind");
  expect(await filesOf(control)).toEqual([]);
});

test("an upload that fails is tried again on request, and one that is cut off too", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const tray = new Tray(widget);
  await control.fault({ kind: "http", route: "upload", status: 503 });
  await tray.choose(await picture(page, "stubborn.png"));
  for (let failure = 0; failure < 2; failure += 1) {
    await expect(tray.note("stubborn.png")).toHaveText("The upload was interrupted.");
    // Browsers themselves try again what is cut off on a line that they have used before.
    if (failure === 0) await page.route("**/uploads/**", (route) => route.abort("connectionreset"));
    else await page.unroute("**/uploads/**");
    await tray.again("stubborn.png").click();
  }
  await tray.expectState("stubborn.png", "uploaded");
  await widget.part("send").click();
  await expect.poll(() => filesOf(control)).toEqual(["stubborn.png"]);
});

test("a line that is lost during an upload lets it begin anew by itself", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const tray = new Tray(widget);
  const quicken = await slowUploads(page, 400_000);
  const failed = page.waitForEvent("requestfailed", (request) => request.method() === "PUT");
  await tray.choose(largeFile("again.txt"));
  await tray.expectState("again.txt", "uploading");
  await control.fault({ kind: "kill" });
  await failed;
  await quicken();
  await tray.expectState("again.txt", "uploaded");
  await widget.send("After the break");
  await widget.expectDelivered("After the break");
  expect(await filesOf(control)).toEqual(["again.txt"]);
});

test("a file that was uploaded and is taken out is deleted at the platform", async ({ widget, page }) => {
  await widget.chat("Hello");
  const tray = new Tray(widget);
  await tray.choose(await picture(page, "one.png"), await picture(page, "two.png"));
  for (const name of ["one.png", "two.png"]) await tray.expectState(name, "uploaded");
  await tray.remove("one.png").click();
  await expect.poll(() => widget.wire.sent.filter((frame) => frame["action"] === "deleteAttachment").length).toBe(1);
  await expect(tray.remove("two.png"), "the focus goes to the next").toBeFocused();
  await expect(tray.rows).toHaveCount(1);
});

test("where a deployment or a session takes no files there is no button, and a drop is nobody's", async ({ widget, control, page }) => {
  await control.set({ attachments: false });
  await widget.chat("Hello");
  await expect(widget.part("attach")).toBeHidden();
  await new Tray(widget).bring("drop", [await picture(page, "x.png")]);
  await widget.send("Still here");
  await widget.expectDelivered("Still here");
  await expect(widget.part("upload")).toHaveCount(0);
  await control.set({ attachments: true, files_by_modes: true, file_types: ["text/plain"] });
  await widget.visit();
  await expect(widget.part("attach")).toBeVisible();
  const tray = new Tray(widget);
  await tray.choose(textFile("notes.txt"), await picture(page, "x.png"));
  await expect(tray.note("x.png")).toHaveText("This type of file can’t be sent here.");
  await tray.expectState("notes.txt", "uploaded");
});

test("a page of plain text never fetches the views of files", async ({ widget, website }) => {
  await widget.chat("Hello");
  expect(website.requests.filter((path) => /attach|viewer/.test(path))).toEqual([]);
});

test("a tab that shares the line of another one sends files too", async ({ widget, secondWidget, control, page }) => {
  await widget.chat("Hello");
  await secondWidget.visit();
  await secondWidget.open();
  await secondWidget.expectDelivered("Hello");
  const tray = new Tray(secondWidget);
  await tray.choose(await picture(page, "second.png"), { name: "wrong.exe", mimeType: "text/plain", buffer: Buffer.from("MZ") });
  await tray.expectState("second.png", "uploaded");
  await expect(tray.note("wrong.exe"), "found by the platform here").toHaveText("This type of file can’t be sent here.");
  await secondWidget.send("From the second tab");
  await secondWidget.expectDelivered("From the second tab");
  await expect(widget.message("From the second tab").locator("[part=image]")).toHaveJSProperty("naturalWidth", 320);
  expect(await filesOf(control)).toEqual(["second.png"]);
  expect(secondWidget.wire.sent, "all over the first tab's line").toEqual([]);
});

test("a message with a file that was lost on its way goes out after a reload, with its file", async ({ widget, control, page }) => {
  // The next frame to the platform is the message itself.
  await control.set({ user_typing: false, read_receipts: false });
  await widget.chat("Hello");
  const tray = new Tray(widget);
  await tray.choose(await picture(page, "kept.png"));
  await tray.expectState("kept.png", "uploaded");
  await control.fault({ kind: "drop", direction: "to_platform" });
  await widget.send("With a picture");
  await expect.poll(() => control.armed()).toBe(0);
  await expect(widget.message("With a picture")).toHaveAttribute("data-delivery", "sending");
  await page.reload();
  await widget.expectDelivered("With a picture");
  await expect(widget.message("With a picture").locator("[part=image]")).toHaveJSProperty("naturalWidth", 320);
  expect(await filesOf(control)).toEqual(["kept.png"]);
});
