import { expect, test } from "./fixtures.ts";

test("the platform hears of a guest's typing at once and then every five seconds at most", async ({ widget, control, page }) => {
  await page.clock.install();
  await widget.visit();
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await page.clock.runFor(5_000);
  const signals = () => widget.wire.messages("Event").length;
  const before = signals();

  await widget.input.pressSequentially("abc");
  await expect.poll(signals).toBe(before + 1);
  await expect.poll(async () => (await control.conversation()).typing).toBe(true);
  await widget.input.pressSequentially("def");
  expect(signals(), "within five seconds").toBe(before + 1);
  await page.clock.runFor(5_500);
  await expect.poll(signals).toBe(before + 2);
  await page.clock.runFor(20_000);
  await widget.input.press("Enter");
  await widget.expectDelivered("abcdef");
  expect(signals(), "without a key pressed").toBe(before + 2);
});

for (const field of ["duration", "durationMs"]) {
  test(`an agent's typing shows for as long as ${field} says`, async ({ widget, control, page }) => {
    await page.clock.install();
    await widget.chat("Hello");
    await control.type({ duration_ms: 10_000, field });
    await expect(widget.typing).toBeVisible();
    await expect(widget.typing).toContainText("is typing");
    await page.clock.runFor(4_000);
    await expect(widget.typing).toBeVisible();
    await page.clock.runFor(6_000);
    await expect(widget.typing).toBeHidden({ timeout: 4_000 });
  });
}

test("an agent's typing ends with the message that was typed, or when the agent stops", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.type({ duration_ms: 15_000 });
  await expect(widget.typing).toBeVisible();
  await control.say("Here it is");
  await expect(widget.message("Here it is")).toBeVisible();
  await expect(widget.typing).toBeHidden({ timeout: 4_000 });

  await control.type({ duration_ms: 15_000 });
  await expect(widget.typing).toBeVisible();
  await control.type({ off: true });
  await expect(widget.typing).toBeHidden({ timeout: 4_000 });
});
