// What the deployment's configuration asks for, and what the page's options put before it.
import type { Page } from "@playwright/test";
import { type Json, expect, test } from "./fixtures.ts";

const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40" fill="#b3441e"/></svg>`;

/** The stand-in's configuration, changed. */
async function configure(page: Page, change: (config: any) => void): Promise<void> {
  await page.route("https://cdn.example.test/logo.svg", (route) => route.fulfill({ contentType: "image/svg+xml", body: logo }));
  await page.route("**/config.json", async (route) => {
    const answer = await route.fetch();
    const config: Json = await answer.json();
    change(config);
    await route.fulfill({ response: answer, json: config });
  });
}

const corner = (page: Page) => page.locator("guest-messenger").getAttribute("data-position");

test("the deployment's colour and corner are taken, with text that can be read", async ({ widget, page }) => {
  await configure(page, (config) => {
    config.messenger.styles.primaryColor = "#ffd84d";
    config.position.alignment = "Left";
  });
  await widget.visit();
  await widget.open();
  await expect(widget.part("header")).toHaveCSS("background-color", "rgb(255, 216, 77)");
  await expect(widget.part("header")).toHaveCSS("color", "rgb(0, 0, 0)");
  await expect.poll(() => corner(page)).toBe("left");
  expect((await widget.launcher.boundingBox())!.x).toBe(20);
});

test("the page's own colour and corner come before the deployment's", async ({ widget, page }) => {
  await configure(page, (config) => {
    config.messenger.styles.primaryColor = "#ffd84d";
    config.position.alignment = "Left";
    config.messenger.launcherButton.visibility = "Off";
  });
  await widget.visit({ attributes: { "primary-color": "#123456", position: "right" } });
  await widget.launcher.click();
  await expect(widget.launcher, "the deployment's look has come").toBeHidden();
  await expect(widget.part("header")).toHaveCSS("background-color", "rgb(18, 52, 86)");
  // As text the colour is what it was on a light surface, and lighter on a dark one.
  const accent = (scheme: string) => widget.host.evaluate((host, name) => host.style.getPropertyValue(name), `--gm-accent-${scheme}`);
  await expect.poll(() => accent("light")).toBe("rgb(18 52 86)");
  expect(await accent("dark")).toMatch(/^rgb\((?!18 52 86)/);
  expect(await corner(page)).toBe("right");
});

for (const visibility of ["Off", "OnDemand"]) {
  test(`a launcher whose visibility is ${visibility} is not shown, and the page can open the panel`, async ({ widget, page }) => {
    await configure(page, (config) => (config.messenger.launcherButton.visibility = visibility));
    await widget.visit();
    await page.evaluate(() => window.GuestMessenger!.messenger!.open());
    await expect(widget.panel).toBeVisible();
    await expect(widget.launcher).toBeHidden();
    await widget.close();
    await expect(widget.launcher).toBeHidden();
    await page.evaluate(() => window.GuestMessenger!.messenger!.open());
    await widget.send("Hello");
    await widget.expectDelivered("Hello");
  });
}

test("the home screen greets in the visitor's language until there is a message", async ({ widget, page }) => {
  await configure(page, (config) => {
    config.messenger.homeScreen = { enabled: true, logoUrl: "https://cdn.example.test/logo.svg" };
    config.customI18nLabels = [
      { language: "de", localizedLabels: [{ key: "MessengerHomeHeaderTitle", value: "Hallo!" }] },
      { language: "en-us", localizedLabels: [{ key: "MessengerHomeHeaderTitle", value: "Hello <b>there</b>!" }, { key: "MessengerHomeHeaderSubTitle", value: "We answer within minutes." }] },
    ];
  });
  await widget.visit();
  await widget.open();
  await expect(widget.part("home-title")).toHaveText("Hello <b>there</b>!");
  await expect(widget.part("home-subtitle")).toHaveText("We answer within minutes.");
  await expect.poll(() => widget.part("home-logo").evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(80);
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await expect(widget.part("home-title")).toBeHidden();
});

test("a home screen that is turned off shows none of its labels, and a logo of no web address is left out", async ({ widget, page }) => {
  const label = [{ language: "en-us", localizedLabels: [{ key: "MessengerHomeHeaderTitle", value: "Hello!" }] }];
  await configure(page, (config) => {
    config.customI18nLabels = label;
    config.messenger.homeScreen = { enabled: false, logoUrl: "https://cdn.example.test/logo.svg" };
  });
  await widget.visit();
  await widget.open();
  await expect(widget.host).toHaveAttribute("data-launcher", "on");
  await expect(widget.part("welcome")).toHaveText("Hi there! How can we help?");

  await page.unrouteAll();
  await configure(page, (config) => {
    config.customI18nLabels = label;
    config.messenger.homeScreen = { enabled: true, logoUrl: "javascript:alert(1)" };
  });
  await page.reload();
  await widget.launcher.click();
  await expect(widget.part("home-title")).toHaveText("Hello!");
  await expect(widget.part("home-logo")).toHaveCount(0);
});
