import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

test.use({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });

const head = '<meta name="viewport" content="width=device-width">';

/** A site whose pages are changed by a script, as many are. */
const site = {
  head,
  body: `<nav><a href="/?page=tea">Tea</a></nav><main></main>
    <script>
      const render = () => (document.querySelector("main").textContent = location.search + " " + JSON.stringify(history.state?.site ?? null));
      history.replaceState({ site: 1 }, "");
      window[Symbol.for("go")] = (page) => { history.pushState({ site: page }, "", "/?page=" + page); render(); };
      addEventListener("popstate", render);
      render();
    </script>`,
};

const go = (page: Page, to: number) => page.evaluate((to) => (window as any)[Symbol.for("go")](to), to);

test("the panel is the whole screen, and everything in it is large enough for a finger", async ({ widget, control, page }) => {
  await widget.visit({ head });
  await widget.launcher.tap();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await control.say({ text: "Choose", quick_replies: ["One", "Two"] });
  await expect(widget.quickReplies.first()).toBeVisible();
  expect(await widget.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 780 });
  expect(await widget.input.evaluate((input) => parseFloat(getComputedStyle(input).fontSize)), "below 16 px phones zoom in").toBeGreaterThanOrEqual(16);
  await widget.part("menu-button").tap();
  await expect(widget.part("menu-item").first()).toBeVisible();
  for (const button of await widget.panel.locator("button:visible").all()) {
    const { width, height } = (await button.boundingBox())!;
    expect(Math.min(width, height), await button.evaluate((button) => button.outerHTML)).toBeGreaterThanOrEqual(44);
  }
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") });
  const { violations } = await page.evaluate(() => (window as any).axe.run({ include: [["guest-messenger"]] }));
  expect(violations.map(({ id }: { id: string }) => id)).toEqual([]);
});

test("the keyboard comes when the visitor wants to write, and stays while they do", async ({ widget, control }) => {
  await widget.visit({ head });
  await widget.launcher.tap();
  // The script that sees to it is there.
  await expect(widget.panel).toHaveCSS("height", "780px");
  await widget.part("close").tap();
  await widget.launcher.tap();
  await expect(widget.transcript, "not the field, over which a keyboard comes up").toBeFocused();
  await widget.input.tap();
  await widget.input.fill("Hello");
  await widget.part("send").tap();
  await widget.expectDelivered("Hello");
  await expect(widget.input).toBeFocused();
  await control.say({ text: "Choose", quick_replies: ["One", "Two"] });
  await widget.quickReplies.first().tap();
  await widget.expectDelivered("One");
  await expect(widget.transcript).toBeFocused();
});

test("a phone that lies on its side has the panel on its whole screen too", async ({ widget, page }) => {
  await page.setViewportSize({ width: 740, height: 360 });
  await widget.visit({ head });
  await widget.launcher.tap();
  await expect.poll(() => widget.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 740, height: 360 });
  await page.setViewportSize({ width: 360, height: 740 });
  await expect.poll(() => widget.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 740 });
});

test("on a phone whose page is enlarged by its own style the field can be reached", async ({ widget }) => {
  await widget.visit({ head: `${head}<style>html { zoom: 1.25 }</style>` });
  await widget.launcher.tap();
  await expect(widget.input).toBeInViewport({ ratio: 1 });
  await expect(widget.part("close")).toBeInViewport({ ratio: 1 });
});

test("the keyboard does not cover the composer", async ({ widget, page }) => {
  await widget.visit({ head });
  await widget.launcher.tap();
  await expect(widget.panel).toHaveCSS("height", "780px");
  // No keyboard comes up in a test: what the browser tells of one is made up.
  const tell = (height: number, offsetTop: number) =>
    page.evaluate(([height, offsetTop]) => {
      Object.defineProperty(visualViewport, "height", { configurable: true, value: height });
      Object.defineProperty(visualViewport, "offsetTop", { configurable: true, value: offsetTop });
      visualViewport!.dispatchEvent(new Event("resize"));
    }, [height, offsetTop] as const);
  // The script that watches is fetched.
  await expect.poll(async () => {
    await tell(430, 20);
    return widget.panel.boundingBox();
  }).toEqual({ x: 0, y: 20, width: 390, height: 430 });
  const { y, height } = (await widget.input.boundingBox())!;
  expect(y + height).toBeLessThanOrEqual(450);
  await tell(780, 0);
  await expect(widget.panel).toHaveCSS("height", "780px");
});

/** As in browsers that tell of the gesture only by the page's history. */
const withoutCloseWatcher = (page: Page) => page.addInitScript(() => delete (window as any).CloseWatcher);

test("the gesture that goes back closes the panel, and where the browser tells of it the history is left alone", async ({ widget, page }) => {
  await widget.visit(site);
  await widget.launcher.tap();
  await widget.part("title").tap();
  const length = await page.evaluate(() => history.length);
  // On a desktop Escape is that gesture; the panel's own key is not to be in the way.
  await page.evaluate(() => (document.activeElement?.shadowRoot?.activeElement as HTMLElement | null)?.blur());
  await expect(async () => {
    await page.keyboard.press("Escape");
    await expect(widget.panel).toBeHidden({ timeout: 200 });
  }).toPass();
  expect(await page.evaluate(() => [history.length, history.state])).toEqual([length, { site: 1 }]);
});

test("elsewhere going back closes the panel and leaves the page where it was", async ({ widget, page }) => {
  await withoutCloseWatcher(page);
  await widget.visit(site);
  await go(page, 2);
  await widget.launcher.tap();
  await expect(widget.panel).toBeVisible();
  await expect.poll(() => page.evaluate(() => history.state)).toEqual({ site: 2, "guest-messenger": true });
  await page.goBack();
  await expect(widget.panel).toBeHidden();
  expect(page.url()).toMatch(/page=2$/);
  expect(await page.evaluate(() => history.state)).toEqual({ site: 2 });
  await expect(page.getByRole("main")).toHaveText("?page=2 2");
  await page.goBack();
  await expect(page.getByRole("main")).toHaveText(" 1");
});

test("closing the panel by its button takes its entry in the history back", async ({ widget, page }) => {
  await withoutCloseWatcher(page);
  await widget.visit(site);
  await go(page, 2);
  for (let round = 1; round <= 3; round++) {
    await widget.launcher.tap();
    await expect.poll(() => page.evaluate(() => history.state)).toMatchObject({ "guest-messenger": true });
    await widget.part("close").tap();
    await expect(widget.panel).toBeHidden();
    await expect.poll(() => page.evaluate(() => history.state)).toEqual({ site: 2 });
  }
  await expect(page.getByRole("main")).toHaveText("?page=2 2");
  await page.goBack();
  await expect(page.getByRole("main")).toHaveText(" 1");
});

test("a page that goes on while the panel is open keeps its own history", async ({ widget, page }) => {
  await withoutCloseWatcher(page);
  await widget.visit(site);
  await widget.launcher.tap();
  await expect.poll(() => page.evaluate(() => history.state)).toMatchObject({ "guest-messenger": true });
  await go(page, 2);
  await go(page, 3);
  await page.goBack();
  await expect(page.getByRole("main")).toHaveText("?page=2 2");
  await expect(widget.panel).toBeVisible();
  await widget.part("close").tap();
  await expect(widget.panel).toBeHidden();
  expect(await page.evaluate(() => history.state)).toEqual({ site: 2 });
});

test("a reload with the panel open does not lengthen the history", async ({ widget, page }) => {
  await withoutCloseWatcher(page);
  await widget.chat("Hello", { head });
  await expect.poll(() => page.evaluate(() => history.state)).toEqual({ "guest-messenger": true });
  const length = await page.evaluate(() => history.length);
  await page.reload();
  await expect(widget.panel).toBeVisible();
  await widget.expectTexts(["Hello"]);
  await expect(widget.panel, "its script is there").toHaveCSS("height", "780px");
  await widget.part("close").tap();
  await expect(widget.panel).toBeHidden();
  await widget.launcher.tap();
  await expect.poll(() => page.evaluate(() => history.state)).toEqual({ "guest-messenger": true });
  expect(await page.evaluate(() => history.length)).toBe(length);
});
