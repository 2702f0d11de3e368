import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

const furniture = `
  <h1>Heading</h1><p>Text with a <a href="#">link</a> and <button>a button</button>.</p>
  <form><input value="a"><textarea>b</textarea><select><option>c</option></select></form>
  <table><tr><td>cell</td></tr></table><ul><li>item</li></ul><img alt="" width="10" height="10">`;
const styles = "<style>body { font: 17px/1.5 serif; color: teal } button { border: 3px solid red } * { letter-spacing: .01em }</style>";

/** Once the page has loaded and has nothing left to do. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState("load");
  await page.evaluate(() => new Promise((idle) => requestIdleCallback(idle)));
}

/** All that the page's own elements look like, and where they are. */
function looks(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("html, body, body *:not(guest-messenger, script)")].map((element) => {
      const style = getComputedStyle(element);
      const { x, y, width, height } = element.getBoundingClientRect();
      return [element.tagName, x, y, width, height, ...[...style].map((name) => `${name}:${style.getPropertyValue(name)}`)].join(";");
    }),
  );
}

/** The names of what scripts find in the page's own world. */
function globals(page: Page): Promise<string[]> {
  return page.evaluate(() => Object.getOwnPropertyNames(window));
}

test("one script tag puts the messenger on a page, in an open shadow root", async ({ widget, website, page }) => {
  await widget.visit();
  await expect(widget.launcher).toBeVisible();
  await expect(widget.launcher).toHaveAccessibleName("Open chat");
  await expect(widget.launcher).toHaveAttribute("aria-expanded", "false");
  expect(await widget.host.evaluate((host) => [host.parentElement?.tagName, host.shadowRoot?.mode])).toEqual(["BODY", "open"]);
  await settle(page);
  expect(website.requests, "requests before anything is pressed").toEqual(["/", "/dist/guest-messenger.js"]);
});

test("the page stays as it was: its globals, its looks, its layout, its storage", async ({ widget, page }) => {
  await widget.visit({ head: styles, body: furniture, script: "" });
  await settle(page);
  const before = { globals: await globals(page), looks: await looks(page) };

  await page.addInitScript(() => {
    const moved: string[] = ((window as any)[Symbol.for("shifts")] = []);
    // What is in a shadow root is not named.
    const nameOf = ({ node, currentRect }: any): string => `${node?.nodeName ?? "a part"} to ${JSON.stringify(currentRect)}`;
    const note = (list: PerformanceObserverEntryList) =>
      moved.push(...list.getEntries().flatMap((entry) => (entry as any).sources.map(nameOf)));
    new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
  });
  await widget.visit({ head: styles, body: furniture });
  await expect(widget.launcher).toBeVisible();
  await settle(page);
  expect((await globals(page)).filter((name) => !before.globals.includes(name))).toEqual(["GuestMessenger"]);
  expect(await looks(page)).toEqual(before.looks);
  const kept = () => page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length]);
  // A frame tells of its shifts when it has been painted.
  const shifts = () =>
    page.evaluate(async (): Promise<string[]> => {
      for (let frame = 0; frame < 2; frame++) await new Promise((painted) => requestAnimationFrame(painted));
      return new Promise((told) => setTimeout(() => told((window as any)[Symbol.for("shifts")])));
    });
  expect(await kept(), "storage, cookies, databases").toEqual([0, 0, "", 0]);
  expect(await shifts(), "layout shifts").toEqual([]);

  // The panel is there before its configuration.
  let answer = () => {};
  const isAwaited = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/config.json", (route) => isAwaited.then(() => route.continue()));
  await widget.open();
  await expect(widget.input).toBeVisible();
  expect(await shifts(), "layout shifts of the opening").toEqual([]);
  await expect(widget.part("attach")).toBeHidden();
  answer();
  await expect(widget.part("attach"), "the configuration is there").toBeVisible();
  await settle(page);
  expect(await looks(page), "with the panel open").toEqual(before.looks);
  expect(await shifts(), "layout shifts with the panel open").toEqual([]);
});

test("on a page that is enlarged by its own style the whole panel is on the screen", async ({ widget, page }) => {
  await page.setViewportSize({ width: 1366, height: 768 });
  await widget.visit({ head: "<style>html { zoom: 1.25 }</style>" });
  await widget.open();
  for (const name of ["menu-button", "close", "input"]) await expect(widget.part(name), name).toBeInViewport({ ratio: 1 });
});

test("mount() of the ES module works on a page without a script tag", async ({ widget, website, standIn, control, page }) => {
  await page.goto(website.publish({ script: "" }));
  await page.evaluate(
    async ([module, endpoint]) => {
      const { mount } = await import(module!);
      const messenger = await mount({ deploymentId: "7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c41d3", endpoint });
      messenger.open();
      await messenger.send("Hello from a module");
    },
    [`${website.url}/dist/guest-messenger.mjs`, standIn.url],
  );
  await expect(widget.panel).toBeVisible();
  await widget.expectDelivered("Hello from a module");
  expect(await control.texts()).toEqual(["Hello from a module"]);
  expect(await page.evaluate(() => Object.hasOwn(window, "GuestMessenger")), "a module sets no global").toBe(false);
});

test("a page that has the script twice gets one messenger", async ({ widget, website, control }) => {
  const tag = website.scriptTag();
  await widget.visit({ script: tag + tag });
  await expect(widget.host).toHaveCount(1);
  await widget.open();
  await widget.send("Once");
  await widget.expectDelivered("Once");
  expect(await control.texts()).toEqual(["Once"]);
});

test("destroy() takes everything away and hangs up, and the page may mount another", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  await page.evaluate(() => window.GuestMessenger!.messenger!.destroy());
  await expect(widget.host).toHaveCount(0);
  await expect.poll(async () => (await control.conversation()).connections).toBe(0);
  const refusal = await page.evaluate(() => window.GuestMessenger!.messenger!.send("too late").catch((error) => error.code));
  expect(refusal).toMatch(/^closed\//);

  const script = page.locator("script");
  await script.evaluate((script) => {
    const { deploymentId, endpoint } = (script as HTMLScriptElement).dataset;
    return window.GuestMessenger!.mount({ deploymentId: deploymentId!, endpoint: endpoint! }).then(() => undefined);
  });
  await expect(widget.panel, "the conversation goes on, open as it was").toBeVisible();
  await widget.expectTexts(["Hello"]);
});

test("a page can open, close and write by the messenger's handle, and hears what happens", async ({ widget, control, page }) => {
  await widget.visit();
  const names = ["opened", "closed", "started", "delivery", "message"];
  const heard = await Promise.all(names.map((name) => widget.listen(name)));
  await page.evaluate(() => window.GuestMessenger!.messenger!.open());
  await expect(widget.input).toBeFocused();
  await page.evaluate(() => window.GuestMessenger!.messenger!.send("From the page"));
  await widget.expectDelivered("From the page");
  await control.say("Seen it");
  await expect(widget.message("Seen it")).toBeVisible();
  await page.evaluate(() => window.GuestMessenger!.messenger!.close());
  await expect(widget.panel).toBeHidden();
  const details = await Promise.all(heard.map((read) => read()));
  expect(details.map((list) => list.length > 0)).toEqual(names.map(() => true));
  expect(JSON.stringify(details), "events tell ids and states, never words").not.toMatch(/From the page|Seen it/);
  expect(details[3]!.map(({ delivery }) => delivery)).toEqual(["queued", "sending", "sent"]);
});
