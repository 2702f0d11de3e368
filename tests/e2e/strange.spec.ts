// What stands between a page and the platform, or what the platform does that is no ordinary answer.
import { type Widget, expect, test } from "./fixtures.ts";
import { installClock, passTimeUntil } from "./support/clock.ts";

/** By the page's own clock. */
const passTimeUntilShown = (widget: Widget, text: string) => passTimeUntil(widget.page, async () => (await widget.message(text).count()) === 1, text, 1_000);

test("the words with which a platform closes a line are shown nowhere, and the line is opened again without a word", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const [banners, errors] = [await widget.watchBanner(), await widget.listen("error")];
  const reason = '<img src="x" onerror="__pwn()">{{constructor.constructor("__pwn()")()}} javascript:__pwn() "\' \u202e gnp'.padEnd(118, "!");
  await control.fault({ kind: "close", code: 1000, reason });
  await control.say("After the close");
  await widget.expectTexts(["Hello", "After the close"]);
  await widget.send("Good");
  await widget.expectDelivered("Good");
  expect(await banners()).toEqual([]);
  expect(await errors()).toEqual([]);
  expect(await widget.host.evaluate((host) => host.shadowRoot!.innerHTML + document.body.innerHTML)).not.toContain("__pwn");
  expect(await page.evaluate(() => (window as any)["__pwn"])).toBeUndefined();
});

test("the sign-in page of a network in place of the configuration and of history is a fault of the network, and passes", async ({ widget, control, page }) => {
  await installClock(page);
  await control.fault({ kind: "http", route: "config", html: true });
  await widget.visit();
  await widget.open();
  await expect.poll(() => control.armed()).toBe(0);
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await control.fault([{ kind: "http", route: "history", html: true }, { kind: "drop", direction: "to_guest" }]);
  await control.say("Lost on its way");
  await control.fault({ kind: "kill" });
  await passTimeUntilShown(widget, "Lost on its way");
  expect(await control.armed()).toBe(0);
  await widget.expectTexts(["Hello", "Lost on its way"]);
  await expect(widget.ended).toBeHidden();
});

for (const [what, failure] of Object.entries({ "whose name nobody knows": "namenotresolved", "whose certificate is wrong": "connectionaborted" } as const)) {
  test(`a platform ${what} is told as no connection and nothing more, and found when it is there`, async ({ widget, control, page, standIn }) => {
    await installClock(page);
    await page.route(`${standIn.url}/webdeployments/**`, (route) => route.abort(failure));
    await widget.visit();
    const errors = await widget.listen("error");
    await widget.open();
    await page.clock.runFor(4_000);
    await expect(widget.banner).toHaveText("Connecting…");
    await expect(widget.ended).toBeHidden();
    expect(await errors()).toEqual([]);
    await page.unroute(`${standIn.url}/webdeployments/**`);
    await widget.send("There you are");
    await page.clock.runFor(2_000);
    await widget.expectDelivered("There you are");
    await expect(widget.banner).toBeEmpty();
    expect(await control.texts()).toEqual(["There you are"]);
  });
}

test("a session that is taken over by a sign-in elsewhere ends with a word, forgets its token, and connects no more by itself", async ({ widget, control, page }) => {
  await page.clock.install();
  await widget.chat("Hello");
  const { token } = (await widget.mark())!;
  await widget.input.fill("Half a thought");
  const ended = await widget.listen("ended");
  await control.frame({ type: "message", class: "ConnectionClosedEvent", code: 200, body: { reason: "signedIn" } });
  await expect(widget.ended).not.toBeEmpty();
  expect(await ended()).toEqual([{ reason: "signed_in_elsewhere" }]);
  expect(await widget.mark()).toBeNull();
  await page.clock.runFor(300_000);
  expect(widget.wire.addresses).toHaveLength(1);
  await expect(widget.input).toHaveValue("Half a thought");
  await widget.startNew.click();
  await widget.input.press("Enter");
  await widget.expectDelivered("Half a thought");
  expect((await widget.mark())!.token).not.toBe(token);
});

test("a conversation that is ended while the visitor writes keeps what was written for the next one", async ({ widget, control }) => {
  await widget.chat("Hello");
  await widget.input.pressSequentially("Half a tho");
  await control.disconnect({ read_only: true });
  await expect(widget.input).toBeDisabled();
  await expect(widget.input).toHaveAccessibleDescription(/has ended/);
  await expect(widget.input).toHaveValue("Half a tho");
  await widget.startNew.click();
  await expect(widget.input).toBeEnabled();
  await widget.input.press("End");
  await widget.input.pressSequentially("ught");
  await widget.input.press("Enter");
  await widget.expectDelivered("Half a thought");
  expect(await control.texts("guest")).toContain("Half a thought");
});

test("a site's service worker that answers the platform's addresses with pages of its own does not break the chat", async ({ widget, control, page }) => {
  // As sites do that show a page of theirs when a request fails; here every second request does.
  const worker = `let asked = 0;
    oninstall = () => skipWaiting();
    onactivate = (event) => event.waitUntil(clients.claim());
    onfetch = (event) => {
      if (!/webdeployments|webmessaging/.test(event.request.url)) return;
      if (asked++ % 2 === 0) event.respondWith(new Response("<!doctype html><title>You are offline</title>", { headers: { "content-type": "text/html" } }));
    };`;
  await installClock(page);
  await widget.visit({ worker });
  await page.evaluate(async () => {
    await navigator.serviceWorker.register("/worker.js");
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((taken) => navigator.serviceWorker.addEventListener("controllerchange", taken, { once: true }));
  });
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await control.fault({ kind: "drop", direction: "to_guest" });
  await control.say("Lost on its way");
  await control.fault({ kind: "kill" });
  await passTimeUntilShown(widget, "Lost on its way");
  await page.reload();
  await passTimeUntilShown(widget, "Lost on its way");
  await widget.expectTexts(["Hello", "Lost on its way"]);
  await widget.send("Still here");
  await widget.expectDelivered("Still here");
});
