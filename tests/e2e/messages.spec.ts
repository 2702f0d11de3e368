import { type Control, type Json, type Widget, expect, test } from "./fixtures.ts";

/** Sends a message that the platform refuses with this code. */
async function sendRefused(widget: Widget, control: Control, text: string, code: number, body: string): Promise<void> {
  await control.fault({ kind: "drop", direction: "to_platform" });
  await widget.send(text);
  const frame = () => widget.wire.messages("Text").find(({ message }) => (message as Json)["text"] === text);
  await expect.poll(frame).toBeDefined();
  await control.frame({ type: "response", class: "string", code, body, tracingId: frame()!["tracingId"] });
}

test("Enter sends what was written, once", async ({ widget, control }) => {
  await widget.visit();
  await widget.open();
  await widget.send("Hello there");
  await widget.expectDelivered("Hello there");
  await expect(widget.message("Hello there").locator("[part=status]")).toHaveText("Sent");
  await expect(widget.input).toHaveValue("");
  await expect(widget.input).toBeFocused();
  expect(await control.texts("guest")).toEqual(["Hello there"]);
});

test("Shift and Enter breaks the line, and blank text is not sent", async ({ widget, control }) => {
  await widget.visit();
  await widget.open();
  await widget.send("   ");
  await expect(widget.messages).toHaveCount(0);
  await widget.input.fill("One");
  await widget.input.press("Shift+Enter");
  await widget.input.pressSequentially("Two");
  await widget.part("send").click();
  await expect(widget.messages).toHaveAttribute("data-delivery", "sent");
  expect(await control.texts()).toEqual(["One\nTwo"]);
});

test("an Enter that ends a composition of an input method does not send", async ({ widget, control, page }) => {
  await widget.visit();
  await widget.open();
  const typed = await page.context().newCDPSession(page);
  await typed.send("Input.imeSetComposition", { text: "にほn", selectionStart: 3, selectionEnd: 3 });
  await widget.input.evaluate((input) => {
    for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
      input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...init }));
    }
  });
  await typed.send("Input.insertText", { text: "日本" });
  await expect(widget.input).toHaveValue("日本");
  await expect(widget.messages).toHaveCount(0);
  await widget.input.press("Enter");
  await widget.expectDelivered("日本");
  expect(await control.texts()).toEqual(["日本"]);
});

test("a message shows at once as being sent, before the platform has said anything", async ({ widget, control }) => {
  await control.set({ user_typing: false });
  await widget.chat("First");
  await control.fault({ kind: "drop", direction: "to_platform" });
  await widget.send("Second");
  const row = widget.message("Second");
  await expect(row).toHaveAttribute("data-delivery", "sending");
  await expect(row.locator("[part=status]")).toHaveText("Sending");
  expect(await control.texts()).toEqual(["First"]);
});

test("a refused message says so, and Try again sends it", async ({ widget, control }) => {
  await control.set({ user_typing: false });
  await widget.chat("First");
  await sendRefused(widget, control, "Second", 400, "Bad request");

  const row = widget.message("Second");
  await expect(row).toHaveAttribute("data-delivery", "failed");
  await expect(row.locator("[part=status]")).toHaveText("Not sent");
  await row.locator("[part=retry]").click();
  await widget.expectDelivered("Second");
  await widget.expectTexts(["First", "Second"]);
  expect(await control.texts()).toEqual(["First", "Second"]);
});

test("a message that the platform will never take is not offered again", async ({ widget, control }) => {
  await control.set({ user_typing: false });
  await widget.chat("First");
  await sendRefused(widget, control, "Second", 4011, "Message is too long");
  await expect(widget.message("Second")).toHaveAttribute("data-delivery", "failed");
  await expect(widget.part("retry")).toHaveCount(0);
  await widget.send("Third");
  await widget.expectDelivered("Third");
});

test("messages of agents and bots come in order, once each, though frames come twice and out of turn", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.fault({ kind: "duplicate", direction: "to_guest", copies: 2 });
  await control.say("One");
  await control.fault({ kind: "reorder", direction: "to_guest", ms: 5000 });
  await control.say("Two");
  await control.say({ author: "bot", name: "Robi", text: "Three" });
  await control.fault({ kind: "duplicate", direction: "to_guest" });
  await widget.send("Four");
  await widget.expectDelivered("Four");
  await control.say("Five");
  await widget.expectTexts(["Hello", "One", "Two", "Three", "Four", "Five"]);
  await expect(widget.message("Three")).toHaveAttribute("data-author", "bot");
  await expect(widget.message("Two")).toHaveAttribute("data-author", "agent");
});

test("a message shows who wrote it, when, and their initial", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.say({ name: "Zoë Ng", text: "Good morning" });
  const row = widget.message("Good morning");
  await expect(row.locator("[part=sender]")).toHaveText("Zoë Ng");
  await expect(row.locator("[part=avatar]")).toHaveText("Z");
  const time = row.locator("[part=time]");
  await expect(time).toHaveText(/^\d?\d:\d\d/);
  const told = Date.parse((await time.getAttribute("datetime"))!);
  expect(Math.abs(Date.now() - told), "milliseconds from now").toBeLessThan(60_000);
});

test("links are safe, and markup is text", async ({ widget, control, page }) => {
  await page.addInitScript(() => ((window as any).__pwn = () => { throw new Error("script in a message ran"); }));
  await widget.chat("Hello");
  await control.say("See https://example.com/path?a=1, thanks");
  const link = widget.part("link");
  await expect(link).toHaveAttribute("href", "https://example.com/path?a=1");
  await expect(link).toHaveAttribute("target", "_blank");
  await expect(link).toHaveAttribute("rel", /noopener.*noreferrer|noreferrer.*noopener/);

  const texts = ["<img src=x onerror=__pwn()><b>bold</b>", "javascript:__pwn()", "[x](javascript:__pwn())", "&lt;i&gt; data:text/html,<script>__pwn()</script>"];
  for (const text of texts) await control.say(text);
  await widget.expectTexts(["Hello", "See https://example.com/path?a=1, thanks", ...texts]);
  await expect(link).toHaveCount(1);
  await expect(widget.part("bubble").locator("img, b, i, script")).toHaveCount(0);
});

test("a burst of messages arrives whole and in order, though the platform takes five a second", async ({ widget, control, page }) => {
  const texts = Array.from({ length: 12 }, (_, number) => `Number ${number}`);
  await widget.visit();
  await widget.open();
  await page.evaluate((texts) => texts.forEach((text) => void window.GuestMessenger!.messenger!.send(text)), texts);
  await widget.expectTexts(texts);
  for (const text of texts) await widget.expectDelivered(text);
  expect(await control.texts()).toEqual(texts);
});

test("a message that was not sent can be deleted", async ({ widget, control }) => {
  await control.set({ user_typing: false });
  await widget.chat("First");
  await sendRefused(widget, control, "Second", 4011, "Message is too long");
  await widget.part("discard").click();
  await widget.expectTexts(["First"]);
  expect(await control.texts()).toEqual(["First"]);
});

test("a page can have Enter break the line, and Ctrl with Enter send", async ({ widget, control }) => {
  await widget.visit({ attributes: { "enter-sends": "false" } });
  await widget.open();
  await widget.input.pressSequentially("One");
  await widget.input.press("Enter");
  await widget.input.pressSequentially("Two");
  await expect(widget.messages).toHaveCount(0);
  await widget.input.press("Control+Enter");
  await expect(widget.messages).toHaveAttribute("data-delivery", "sent");
  expect(await control.texts()).toEqual(["One\nTwo"]);
});
