// What the deployment's configuration asks for, and what the page's options put before it.
import type { Page } from "@playwright/test";
import { type Json, expect, test } from "./fixtures.ts";
import { expectNoFaults } from "./support/axe.ts";

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

test("the deployment's distance from the corner is kept by launcher and panel, and its font is used", async ({ widget, page }) => {
  await configure(page, (config) => {
    config.position = { alignment: "Right", sideSpace: 64, bottomSpace: 48 };
    config.messenger.styles.fontFamily = "Georgia, 'Times New Roman'";
  });
  await widget.visit();
  await widget.open();
  const { width, height } = page.viewportSize()!;
  const edges = async (part: string) => {
    const box = (await widget.part(part).boundingBox())!;
    return [width - box.x - box.width, height - box.y - box.height];
  };
  await expect.poll(() => edges("launcher")).toEqual([64, 48]);
  expect(await edges("panel")).toEqual([64, 48 + 72]);
  expect((await widget.panel.boundingBox())!.y).toBeGreaterThanOrEqual(20);
  await expect(widget.panel).toHaveCSS("font-family", /^Georgia, "Times New Roman"/);
  // The site's own style sheet comes before the deployment.
  await page.addStyleTag({ content: "guest-messenger { --gm-font: monospace; --gm-side: 30px }" });
  await expect(widget.panel).toHaveCSS("font-family", "monospace");
  expect((await edges("launcher"))[0]).toBe(30);
});

test("the deployment's second colour writes and draws, legibly, and the first one fills", async ({ widget, control, page }) => {
  await configure(page, (config) => Object.assign(config.messenger.styles, { primaryColor: "#123456", secondaryColor: "#ffd84d" }));
  await widget.chat("Hello");
  await expect(widget.part("header")).toHaveCSS("background-color", "rgb(18, 52, 86)");
  await control.say({ text: "See https://example.com/ or", quick_replies: ["Ask"] });
  const colour = (scheme: string) => widget.host.evaluate((host, name) => host.style.getPropertyValue(name), `--gm-accent-${scheme}`);
  // Yellow letters on white are moved towards black until they can be read; on the dark surface they can be already.
  expect(await colour("dark")).toBe("rgb(255 216 77)");
  const [red, green, blue] = (await colour("light")).match(/\d+/g)!;
  expect(Number(red)).toBeLessThan(180);
  await expect(widget.quickReplies).toHaveCSS("color", `rgb(${red}, ${green}, ${blue})`);
  await expectNoFaults(page);
});

for (const [given, expected] of [["18px", "18px"], [17, "17px"], ["1.25rem", "20px"], ["400px", "22px"], [1, "12px"]] as const) {
  test(`letters of ${JSON.stringify(given)} are what the deployment wants, within what can be read: ${expected}`, async ({ widget, control, page }) => {
    await configure(page, (config) => (config.messenger.styles.fontSize = given));
    await widget.chat("Hello");
    await control.say({ text: "🎉" });
    await expect(widget.message("Hello").locator("[part=bubble]")).toHaveCSS("font-size", expected);
    await expect(widget.message("🎉").locator("[part=bubble]"), "emoji alone").toHaveCSS("font-size", "40px");
    await expect(widget.input, "a phone would enlarge the page for smaller ones").toHaveCSS("font-size", Number.parseInt(expected) < 16 ? "16px" : expected);
  });
}

test("letters of no size are as ever", async ({ widget, page }) => {
  await configure(page, (config) => Object.assign(config.messenger.styles, { fontSize: "calc(1px); color: red", secondaryColor: "url(https://evil.example/)" }));
  await widget.chat("Hello");
  await expect(widget.host).toHaveAttribute("data-launcher", "on");
  await expect(widget.message("Hello").locator("[part=bubble]")).toHaveCSS("font-size", "15px");
  await expect(widget.host).not.toHaveAttribute("data-text-size");
});

test("a distance or a font that is none is not taken", async ({ widget, page }) => {
  await configure(page, (config) => {
    config.position = { alignment: "Right", sideSpace: "1px; color: red", bottomSpace: 9_000 };
    config.messenger.styles.fontFamily = "x; } * { display: none";
  });
  await widget.visit();
  await widget.open();
  await expect(widget.host).toHaveAttribute("data-launcher", "on");
  await expect(widget.host).not.toHaveAttribute("data-spaced");
  await expect(widget.panel).toHaveCSS("font-family", /^system-ui/);
});

test("the launcher has the deployment's picture and words, which are part of its name, while the panel is closed", async ({ widget, page }) => {
  await configure(page, (config) => {
    config.messenger.launcherButton = { visibility: "On", displayType: "IconAndText", icon: { url: "https://cdn.example.test/logo.svg" } };
    config.customI18nLabels = [{ language: "en-us", localizedLabels: [{ key: "MessengerLauncherButtonText", value: "Need a hand?" }] }];
  });
  await widget.visit();
  await widget.open();
  await expect(widget.part("launcher-icon")).toBeHidden();
  await widget.close();
  await expect(widget.launcher).toHaveText("Need a hand?", { useInnerText: true });
  await expect(widget.launcher).toHaveAccessibleName("Need a hand? Open chat");
  await expect(widget.part("launcher-icon")).toBeVisible();
  await expect(widget.launcher.locator("svg")).toBeHidden();
  expect((await widget.launcher.boundingBox())!.height).toBe(56);
  await expectNoFaults(page);
});

test("a launcher of words alone says what it does where the deployment names no words, and a picture that cannot be had is none", async ({ widget, page }) => {
  await configure(page, (config) => (config.messenger.launcherButton = { visibility: "On", displayType: "Text", icon: { url: "" } }));
  await widget.visit();
  await widget.open();
  await widget.close();
  await expect(widget.launcher).toHaveText("Open chat", { useInnerText: true });
  await expect(widget.launcher).toHaveAccessibleName("Open chat");
  await expect(widget.launcher.locator("svg")).toBeHidden();

  await page.unrouteAll();
  await page.route("https://cdn.example.test/gone.svg", (route) => route.fulfill({ status: 404 }));
  await configure(page, (config) => (config.messenger.launcherButton = { visibility: "On", displayType: "Icon", icon: { url: "https://cdn.example.test/gone.svg" } }));
  const gone = page.waitForResponse("https://cdn.example.test/gone.svg");
  await page.reload();
  await widget.open();
  await gone;
  await widget.close();
  await expect(widget.part("launcher-icon")).toHaveCount(0);
  await expect(widget.launcher.locator("svg")).toBeVisible();
});

test("the visitor chooses among the deployment's languages and the one that is spoken", async ({ widget, page }) => {
  await configure(page, (config) => (config.languages = ["de", "pt-br", "zh-hant", "xx"]));
  await widget.visit();
  await widget.open();
  await expect(widget.host, "the deployment's look has come").toHaveAttribute("data-languages");
  await widget.choose("Language");
  await expect(widget.host.getByRole("combobox", { name: "Language" }).locator("option")).toHaveText(["Deutsch", "English", "Português (Brasil)", "繁體中文"]);
});
