// The gallery page, what its states look like, and that every word on them comes from the locale files.
import { mkdirSync } from "node:fs";
import { expect, test as base } from "./fixtures.ts";
import { Gallery, stateNames } from "./support/gallery.ts";

const test = base.extend<{ gallery: Gallery }>({ gallery: async ({ page, standIn }, use) => use(new Gallery(page, standIn.url)) });
test.use({ timezoneId: "UTC" });

const desktop = { width: 1000, height: 760 };
const phone = { width: 375, height: 667 };

test("the gallery shows the states beside each other, each by the real messenger", async ({ page, standIn, control: _ }) => {
  await page.goto(`${standIn.url}/gallery`);
  await expect(page.locator("figure")).toHaveCount(stateNames.length);
  await expect(page.frameLocator("iframe[title='Closed']").locator("guest-messenger [part=launcher]")).toBeVisible();
  await page.goto(`${standIn.url}/demo/gallery/?state=card&scheme=dark&locale=ar&width=375`);
  await expect(page.locator("figure")).toHaveCount(1);
  const frame = page.frameLocator("iframe");
  await expect(frame.locator("html[data-ready]")).toBeAttached();
  await expect(frame.locator("guest-messenger")).toHaveAttribute("data-color-scheme", "dark");
  await expect(frame.locator("guest-messenger [part=panel]")).toHaveAttribute("dir", "rtl");
});

for (const state of stateNames) {
  test(`every word that the messenger itself says in the state "${state}" comes from the locale files`, async ({ gallery }) => {
    await gallery.show(state, { locale: "pseudo" });
    const foreign = await gallery.host.evaluate(async (host) => {
      const player = "/demo/gallery/player.js";
      const { said } = (await import(player)) as { said: Set<string> };
      const everythingSaid = [...said].join("\n");
      const found: string[] = [];
      const judge = (where: Element, text: string | null) => {
        // What fills a slot of a word may be a word itself.
        let rest = text ?? "";
        for (let before = ""; before !== rest; ) [before, rest] = [rest, rest.replace(/⟦[^⟦⟧]*⟧/g, "")];
        // Sizes are written by Intl, as dates are.
        rest = rest.replace(/[\d.,]+\s(kB|MB)\b/g, "").replace(/[\s:·]+$/, "").trim();
        const isSaid = rest === "" || everythingSaid.includes(rest) || rest.split(/[:,] /).every((part) => everythingSaid.includes(part.trim()));
        if (!isSaid && /\p{L}/u.test(rest)) found.push(`${where.getAttribute("part") ?? where.tagName}: ${text}`);
      };
      const walker = document.createTreeWalker(host.shadowRoot!, NodeFilter.SHOW_ELEMENT);
      while (walker.nextNode()) {
        const node = walker.currentNode as Element;
        if (node.closest("[hidden], time, [part=day], [part=avatar], [part=offer-legend], [part=offer-slot], option[lang]")) continue;
        for (const child of node.childNodes) if (child instanceof Text) judge(node, child.data);
        for (const name of ["aria-label", "placeholder", "title", "alt", "aria-description", "aria-roledescription"]) judge(node, node.getAttribute(name));
      }
      return found;
    });
    // The launcher comes before any language does, and says that it speaks English.
    const isAsLoaded = await gallery.part("launcher").and(gallery.page.locator("[lang=en]")).count();
    expect(foreign).toEqual(isAsLoaded ? ["launcher: Open chat"] : []);
  });
}

/** What is compared with a picture: `npx playwright test -c tests/e2e/playwright.config.ts gallery --update-snapshots` renews them. */
const golden: [state: string, look: string, parameters?: Record<string, string>][] = [
  ["chatting", "light"],
  ["chatting", "dark", { scheme: "dark" }],
  ["rtl", "light"],
  ["chatting", "pseudo", { locale: "pseudo" }],
  ["chatting", "phone"],
  ["card", "light"],
  ["card", "dark", { scheme: "dark" }],
  ["quick-replies", "light"],
  ["date-picker", "dark", { scheme: "dark" }],
  ["form-page", "light"],
  ["not-sent", "light"],
  ["expiring", "pseudo", { locale: "pseudo" }],
  ["menu", "arabic", { locale: "ar" }],
  ["confirm", "light"],
  ["ended", "light"],
  ["find", "dark", { scheme: "dark" }],
  ["long-text", "light"],
];

for (const [state, look, parameters] of golden) {
  test(`the state "${state}" looks as it did, ${look}`, async ({ gallery, page }) => {
    await page.setViewportSize(look === "phone" ? phone : desktop);
    await gallery.show(state, parameters);
    await expect(gallery.panel).toHaveScreenshot(`${state}-${look}.png`);
  });
}

for (const state of ["launcher", "chatting", "typing", "quick-replies", "carousel", "date-picker", "list-picker", "form-page", "uploads", "not-sent", "expiring", "menu", "find", "confirm", "read-only", "long-text", "recordings", "crashed"]) {
  test(`a screen reader finds in the state "${state}" what it found before`, async ({ gallery }) => {
    await gallery.show(state);
    // The announcer's lines come and go.
    const hasPanel = !["launcher", "crashed"].includes(state);
    await expect(hasPanel ? gallery.panel : gallery.host).toMatchAriaSnapshot({ name: `${state}.yml` });
  });
}

// `PICTURES=folder npx playwright test -c tests/e2e/playwright.config.ts gallery -g pictures`, to be looked at.
const folder = process.env["PICTURES"];
if (folder) {
  const looks = { light: {}, dark: { scheme: "dark" }, arabic: { locale: "ar" }, phone: {}, pseudo: { locale: "pseudo" } };
  for (const [look, parameters] of Object.entries(looks)) {
    test(`pictures of all states, ${look}`, async ({ gallery, page }) => {
      test.setTimeout(300_000);
      mkdirSync(folder, { recursive: true });
      await page.setViewportSize(look === "phone" ? phone : { width: 440, height: 760 });
      for (const state of stateNames) {
        await gallery.show(state, parameters);
        await page.screenshot({ path: `${folder}/${look}-${state}.png` });
      }
    });
  }
}
