import { expect, test } from "./fixtures.ts";

test("before a quiet chat ends the visitor is asked to stay, and who stays keeps it", async ({ widget, control }) => {
  // The warning comes in the last third.
  await control.set({ session_duration_s: 15 });
  await widget.visit();
  const warnings = await widget.listen("expiring");
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  const before = (await widget.mark())!.expiresAt;

  const stay = widget.part("stay");
  await expect(stay).toHaveText("Stay in the chat", { timeout: 25_000 });
  await expect(widget.banner).toContainText("this chat will end soon");
  await expect(widget.banner, "read out, politely").toHaveAttribute("role", "status");
  expect(await warnings()).toEqual([{ inSeconds: expect.any(Number) }]);
  const [{ inSeconds }] = (await warnings()) as [{ inSeconds: number }];
  expect(inSeconds).toBeGreaterThan(2);
  expect(inSeconds).toBeLessThanOrEqual(5);

  const shown = await widget.watchBanner();
  await stay.click();
  await expect(widget.input).toBeFocused();
  await expect(widget.banner, "once the platform has confirmed it").toBeEmpty({ timeout: 25_000 });
  expect(await shown()).toContain("Keeping the chat open…");
  expect((await widget.mark())!.expiresAt).toBeGreaterThan(before + 7_000);
  expect(await warnings(), "said once").toHaveLength(1);

  await expect.poll(() => Date.now(), { timeout: 25_000 }).toBeGreaterThan(before);
  await widget.send("Still here");
  await widget.expectDelivered("Still here");
  expect(await control.texts("guest"), "staying said nothing").toEqual(["Hello", "Still here"]);
  expect(await control.conversations()).toHaveLength(1);
  expect(widget.wire.sent.filter(({ action }) => action === "echo").length, "health checks").toBeLessThanOrEqual(2);
});
