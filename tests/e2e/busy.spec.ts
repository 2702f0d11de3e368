import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/** The moments at which the page asked for such a path, from now on. */
function asked(page: Page, path: RegExp): number[] {
  const moments: number[] = [];
  page.on("request", (request) => request.method() === "GET" && path.test(request.url()) && moments.push(Date.now()));
  return moments;
}

test("a platform that names the date to come back at is not asked before", async ({ widget, control, page }) => {
  const moments = asked(page, /\/config\.json$/);
  // Dates of HTTP have whole seconds.
  const date = new Date(Date.now() + 4_000).toUTCString();
  await control.fault({ kind: "http", route: "config", status: 503, retry_after: date });
  await widget.visit();
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  expect(moments).toHaveLength(2);
  expect(moments[1]!).toBeGreaterThanOrEqual(Date.parse(date) - 1_000);
});

test("a platform that asks to wait for an hour is waited for, and the visitor is told", async ({ widget, control, page }) => {
  const moments = asked(page, /\/config\.json$/);
  await control.fault({ kind: "http", route: "config", status: 429, retry_after: "3600", count: 9 });
  await widget.visit();
  await widget.open();
  await widget.send("Hello");
  await expect(widget.banner).toHaveText("It’s very busy right now. We’ll try again in a few minutes.");
  await expect(widget.message("Hello")).toHaveAttribute("data-delivery", "queued");
  expect(moments).toHaveLength(1);
});

test("after five failures in a row history is left alone, and the conversation goes on", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const moments = asked(page, /\/api\/v2\/webmessaging\/messages\?/);
  const reconnect = async () => {
    const before = widget.wire.received.filter((frame) => frame["class"] === "SessionResponse").length;
    await control.fault({ kind: "kill" });
    await expect.poll(() => widget.wire.received.filter((frame) => frame["class"] === "SessionResponse").length).toBeGreaterThan(before);
  };
  await control.fault({ kind: "http", route: "history", status: 500, count: 99 });
  await reconnect();
  await expect.poll(() => moments.length, { timeout: 20_000 }).toBe(4);
  await reconnect();
  await expect.poll(() => moments.length).toBe(5);
  await reconnect();
  await control.say("Still there?");
  await expect(widget.message("Still there?")).toBeVisible();
  expect(moments).toHaveLength(5);
});
