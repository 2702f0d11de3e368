import { expect, test } from "./fixtures.ts";

test("a quick reply answers once and the others are no longer offered", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.say({ text: "Which size?", quick_replies: ["Small", "Medium", "Large"] });
  await expect(widget.quickReplies).toHaveText(["Small", "Medium", "Large"]);
  await widget.quickReplies.filter({ hasText: "Medium" }).dblclick();
  await widget.expectDelivered("Medium");
  await expect(widget.quickReplies.and(widget.page.locator(":enabled"))).toHaveCount(0);
  await widget.expectTexts(["Hello", "Which size?", "Medium"]);
  const { messages } = await control.conversation();
  expect(messages.filter(({ author }) => author === "guest").map(({ text }) => text)).toEqual(["Hello", "Medium"]);
  expect(messages.at(-1)!.content).toMatchObject([{ contentType: "ButtonResponse", buttonResponse: { text: "Medium", payload: "Medium" } }]);
});

test("a conversation ended read-only says so, takes no text, and a new one can be started", async ({ widget, control }) => {
  await widget.chat("Hello");
  const ended = await widget.listen("ended");
  await control.disconnect({ read_only: true });
  await expect(widget.input).toBeDisabled();
  await expect(widget.ended).toContainText("has ended");
  await expect(widget.input).toHaveAccessibleDescription(/has ended/);
  expect(await ended()).toEqual([{ reason: "read_only" }]);

  await widget.startNew.focus();
  await widget.page.keyboard.press("Enter");
  await expect(widget.input, "the button that had the focus is gone").toBeFocused();
  await expect(widget.ended).toBeHidden();
  await widget.send("Something else");
  await widget.expectDelivered("Something else");
  expect((await control.conversations()).map(({ state }) => state)).toContain("live");
  expect(await control.texts("guest")).toContain("Something else");
});

test("after an end that allows it the guest may write on", async ({ widget, control }) => {
  await control.set({ disconnect: "Send" });
  await widget.chat("Hello");
  await control.disconnect();
  await expect(widget.messages.filter({ hasText: "This conversation has ended." })).toHaveAttribute("data-author", "system");
  await expect(widget.input).toBeEnabled();
  await widget.send("One more thing");
  await widget.expectDelivered("One more thing");
  expect(await control.texts("guest")).toContain("One more thing");
});

test("clearing asks first, does nothing when it is refused, and empties everything when it is confirmed", async ({ widget, control }) => {
  await widget.chat("Hello");
  const cleared = await widget.listen("cleared");
  await widget.choose("Clear conversation");
  await expect(widget.part("confirm")).toContainText("Clear this conversation?");
  await widget.part("confirm-no").click();
  await expect(widget.part("confirm")).toBeHidden();
  await widget.expectTexts(["Hello"]);

  await widget.clear();
  await expect(widget.messages).toHaveCount(0);
  await expect(widget.part("welcome")).toBeVisible();
  await expect.poll(() => widget.mark()).toBeNull();
  expect(await cleared()).toHaveLength(1);
  await widget.send("Again");
  await widget.expectDelivered("Again");
  await widget.expectTexts(["Again"]);
  expect(await control.texts("guest")).toEqual(["Again"]);
});

test("a session that expires is told, and a new one can be started", async ({ widget, control }) => {
  await widget.chat("Hello");
  const { token } = (await widget.mark())!;
  await control.fault({ kind: "expire" });
  await expect(widget.ended).toContainText("expired");
  await expect(widget.input).toBeDisabled();
  await widget.startNew.click();
  await widget.send("Back again");
  await widget.expectDelivered("Back again");
  expect((await widget.mark())!.token).not.toBe(token);
});

test("too many messages wait as long as the platform asks, and arrive once", async ({ widget, control }) => {
  await control.set({ user_typing: false });
  await widget.chat("Hello");
  const errors = await widget.listen("error");
  await control.fault({ kind: "rate_limit", count: 1, retry_after_s: 2 });
  await widget.send("Quick");
  await expect(widget.message("Quick")).toHaveAttribute("data-delivery", "queued");
  await expect(widget.banner).toHaveText(/That was quick/);
  await widget.expectDelivered("Quick");
  await expect(widget.banner).toBeEmpty();
  const [, refused, accepted] = widget.wire.messages("Text").map((frame) => widget.wire.sentAt_ms(frame));
  // The test hears of each a few milliseconds late.
  expect(accepted! - refused!, "milliseconds between the two attempts").toBeGreaterThan(1_900);
  expect(await errors()).toMatchObject([{ code: "rejected/rate", retryable: true }]);
  expect(await control.texts()).toEqual(["Hello", "Quick"]);
});
