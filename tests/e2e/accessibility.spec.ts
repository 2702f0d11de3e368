// WCAG 2.2 AA, on every state of the gallery and on the stand-in.
import { legibleOn, textOn } from "../../www/src/color.ts";
import { expect, test as base } from "./fixtures.ts";
import { faults, loadAxe } from "./support/axe.ts";
import { Gallery, stateNames } from "./support/gallery.ts";

const test = base.extend<{ gallery: Gallery }>({ gallery: async ({ page, standIn }, use) => use(new Gallery(page, standIn.url)) });

const wide = { width: 1280, height: 760 };
/** 1280 px at 400 %. */
const narrow = { width: 320, height: 568 };
const looks = [{ colorScheme: "light" }, { colorScheme: "dark" }, { colorScheme: "light", forcedColors: "active" }] as const;

for (const state of stateNames) {
  test(`axe finds no fault in the state "${state}": light, dark and forced colours, from the left and from the right, wide and narrow`, async ({ gallery, page }) => {
    await page.setViewportSize(wide);
    await gallery.show(state);
    await loadAxe(page);
    const found: string[] = [];
    for (const look of looks) {
      await page.emulateMedia({ forcedColors: "none", ...look });
      for (const size of [wide, narrow]) {
        await page.setViewportSize(size);
        for (const direction of ["ltr", "rtl"]) {
          // Before it is wanted there is no panel.
          await gallery.host.evaluate((host, direction) => host.shadowRoot!.querySelector("[part=panel]")?.setAttribute("dir", direction), direction);
          const areColorsForced = "forcedColors" in look;
          const where = `${areColorsForced ? "forced" : look.colorScheme} ${size.width} ${direction}`;
          for (const fault of await faults(page, { areColorsForced })) found.push(`${where}: ${fault}`);
        }
      }
    }
    expect(found).toEqual([]);
  });
}

test("on a phone everything that is pressed is at least 44 px high and wide, in every state", async ({ browser, standIn, control: _ }) => {
  const context = await browser.newContext({ viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true, reducedMotion: "reduce" });
  const gallery = new Gallery(await context.newPage(), standIn.url);
  const found: string[] = [];
  for (const state of stateNames) {
    await gallery.show(state);
    const small = await gallery.host.evaluate((host) =>
      [...host.shadowRoot!.querySelectorAll<HTMLElement>("button, [role=menuitem], a, input, textarea, select, label:has(input)")]
        .filter((node) => node.checkVisibility({ visibilityProperty: true }))
        // A link within a sentence is as high as the sentence's lines; what a label holds is pressed by the label.
        .filter((node) => getComputedStyle(node).display !== "inline" && !(node.matches("input") && node.closest("label")))
        .map((node) => ({ name: node.getAttribute("part") ?? node.tagName, box: node.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 43.5 || box.height < 43.5)
        .map(({ name, box }) => `${name} ${Math.round(box.width)} × ${Math.round(box.height)}`),
    );
    found.push(...small.map((target) => `${state}: ${target}`));
  }
  expect([...new Set(found)]).toEqual([]);
  await context.close();
});

test("at 400 % nothing is cut off, scrolls sideways or pushes the field out of sight, in every state and with wider text", async ({ gallery, page }) => {
  await page.setViewportSize({ width: 320, height: 256 });
  const found: string[] = [];
  for (const state of stateNames) {
    await gallery.show(state);
    for (const spacing of [false, true]) {
      if (spacing) await gallery.host.evaluate(spaceText);
      found.push(...(await gallery.host.evaluate(cutOff)).map((line) => `${state}${spacing ? ", spaced" : ""}: ${line}`));
    }
  }
  expect(found).toEqual([]);
});

/** The overrides of WCAG 1.4.12. */
function spaceText(host: Element): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }");
  host.shadowRoot!.adoptedStyleSheets.push(sheet);
}

function cutOff(host: Element): string[] {
  const root = host.shadowRoot!;
  const panel = root.querySelector<HTMLElement>("[part=panel]");
  if (!panel?.checkVisibility()) return [];
  const found: string[] = [];
  const name = (node: Element) => node.getAttribute("part") ?? node.tagName;
  for (const node of [panel, ...panel.querySelectorAll<HTMLElement>("*")]) {
    if (!node.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(node);
    // What is for screen readers only is clipped on purpose; what scrolls can be scrolled.
    if (style.clipPath !== "none" || node.closest("svg")) continue;
    const isClipped = style.overflowX === "hidden" || style.overflowX === "clip";
    if (isClipped && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0) found.push(`${name(node)} is cut off by ${node.scrollWidth - node.clientWidth} px`);
    const box = node.getBoundingClientRect();
    const isInScroller = node.parentElement?.closest("[part=cards], [part=transcript], [part=menu], [part=confirm]");
    if (!isInScroller && box.width > 0 && (box.left < -1 || box.right > innerWidth + 1)) found.push(`${name(node)} reaches from ${Math.round(box.left)} to ${Math.round(box.right)} px`);
  }
  const input = root.querySelector<HTMLElement>("[part=input]");
  const box = input?.checkVisibility() ? input.getBoundingClientRect() : undefined;
  if (box && (box.bottom > innerHeight + 1 || box.top < 0)) found.push(`the field reaches from ${Math.round(box.top)} to ${Math.round(box.bottom)} px`);
  return found;
}

test("whatever the brand's colour, texts keep a contrast of 4.5 : 1, by 200 colours", async ({ gallery }) => {
  const colors = someColors(200);
  for (const [scheme, surface] of [["light", "#ffffff"], ["dark", "#1b1d22"]] as const) {
    await gallery.show("quick-replies", { scheme });
    const choices = colors.map((color) => ({ color, on: textOn(color), light: legibleOn("#ffffff", color), dark: legibleOn("#1b1d22", color) }));
    const worst = await gallery.host.evaluate(
      (host, { choices, surface }) => {
        const luminance = (text: string) => {
          const channels = text.match(/[\d.]+/g)!.slice(0, 3).map((channel) => Number(channel) / 255);
          const [red, green, blue] = channels.map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
          return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
        };
        const contrast = (one: string, other: string) => {
          const [a, b] = [luminance(one) + 0.05, luminance(other) + 0.05];
          return Math.max(a, b) / Math.min(a, b);
        };
        const probe = document.createElement("i");
        probe.style.color = surface;
        document.body.append(probe);
        const behind = getComputedStyle(probe).color;
        const part = (name: string) => getComputedStyle(host.shadowRoot!.querySelector(name)!);
        const [header, bubble, reply] = [part("[part=header]"), part("[data-author=guest] [part=bubble]"), part("[part=quick-reply]")];
        return choices.flatMap(({ color, on, light, dark }) => {
          const { style } = host as HTMLElement;
          style.setProperty("--gm-primary", color);
          style.setProperty("--gm-on-primary", on);
          style.setProperty("--gm-accent-light", light);
          style.setProperty("--gm-accent-dark", dark);
          const pairs = { header: [header.color, header.backgroundColor], bubble: [bubble.color, bubble.backgroundColor], reply: [reply.color, behind] } as const;
          return Object.entries(pairs).flatMap(([name, [text, ground]]) => (contrast(text, ground) < 4.5 ? [`${color}: ${name} has ${contrast(text, ground).toFixed(2)}`] : []));
        });
      },
      { choices, surface },
    );
    expect(worst, scheme).toEqual([]);
  }
});

/** The same ones each time. */
function someColors(count: number): string[] {
  let seed = 20_260_312;
  const next = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 8;
  return Array.from({ length: count }, () => `#${(next() & 0xffffff).toString(16).padStart(6, "0")}`);
}

test("nothing moves for those who want no motion", async ({ gallery, page }) => {
  const moving = async (reducedMotion: "reduce" | "no-preference") => {
    await page.emulateMedia({ reducedMotion });
    await gallery.show("typing");
    return gallery.host.evaluate((host) => host.shadowRoot!.getAnimations().length);
  };
  expect(await moving("no-preference"), "what moves otherwise").toBeGreaterThan(0);
  expect(await moving("reduce")).toBe(0);
});

test("a screen reader hears each message of an agent once, politely and in order, none of the guest's own, and no history", async ({ widget, control, page }) => {
  await page.clock.install();
  await widget.chat("Before the reload");
  await control.say("Also before");
  await expect(widget.message("Also before")).toBeVisible();
  await page.reload();
  await expect(widget.message("Also before")).toBeVisible();
  const heard = await listenIn(widget);
  await expect(widget.part("announcer")).toHaveAttribute("aria-live", "polite");
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await control.fault({ kind: "duplicate", direction: "to_guest" });
  await control.say("Good morning");
  await control.say("How are you?");
  await expect(widget.message("How are you?")).toBeVisible();
  await expect.poll(heard).toEqual(["Ana: Good morning", "Ana: How are you?"]);
  await page.clock.runFor(1_500);
  await expect(widget.part("announcer")).toBeEmpty();
});

test("a screen reader hears of somebody typing once in ten seconds", async ({ widget, control, page }) => {
  await page.clock.install();
  await widget.chat("Hello");
  const heard = await listenIn(widget);
  for (let burst = 0; burst < 3; burst++) {
    await control.type({ duration_ms: 5_000 });
    await expect(widget.typing).toBeVisible();
    await control.type({ off: true });
    await expect(widget.typing).toBeHidden();
    await page.clock.runFor(burst < 1 ? 100 : 11_000);
  }
  expect(await heard()).toEqual(["Agent is typing", "Agent is typing"]);
});

test("a screen reader hears at once, and once, of a message that could not be sent", async ({ gallery, page }) => {
  await gallery.show("chatting");
  await gallery.part("alert").evaluate((alert) => {
    const lines: string[] = ((window as any).alerts = []);
    new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => lines.push(node.textContent!)))).observe(alert, { childList: true });
  });
  await expect(gallery.part("alert")).toHaveAttribute("aria-live", "assertive");
  await page.evaluate(async () => {
    const player = "/demo/gallery/player.js";
    const { platform } = await import(player);
    platform.onMessage = (frame: any) => [{ type: "response", class: "string", code: 4000, body: "Something went wrong", tracingId: frame.tracingId }];
  });
  await gallery.part("input").fill("Does this arrive?");
  await gallery.part("input").press("Enter");
  await expect(gallery.host.locator("[data-delivery=failed]")).toBeVisible();
  expect(await page.evaluate(() => (window as any).alerts)).toEqual(["Not sent: Does this arrive?"]);
});

test("whatever arrives, the focus stays where it is, on the page and in the messenger", async ({ widget, control, page }) => {
  await widget.chat("Hello", { body: '<p><input id="search" aria-label="Search"></p>' });
  const arrive = async (round: string) => {
    await control.say(`A text ${round}`);
    await control.say({ text: `A question ${round}`, quick_replies: ["Yes", "No"] });
    await control.say({ author: "bot", name: "Robi", card: { title: `A card ${round}`, actions: [{ type: "Postback", text: "Choose", payload: "X" }] } });
    await control.type({ duration_ms: 1_000 });
    await expect(widget.part("card-title").filter({ hasText: `A card ${round}` })).toBeVisible();
  };
  await page.locator("#search").focus();
  await arrive("first");
  await expect(page.locator("#search")).toBeFocused();
  await widget.input.focus();
  await arrive("second");
  await expect(widget.input).toBeFocused();
  await page.locator("#search").focus();
  await control.disconnect({ read_only: true });
  await expect(widget.ended).toBeVisible();
  await expect(page.locator("#search")).toBeFocused();
});

test("a control of the page under the launcher is seen when it has the focus, and the launcher is back after it", async ({ widget, page }) => {
  await widget.visit({ body: '<button id="under" style="position: fixed; right: 36px; bottom: 36px; width: 24px; height: 24px">i</button>' });
  await expect(widget.launcher).toHaveCSS("opacity", "1");
  await page.keyboard.press("Tab");
  await expect(page.locator("#under")).toBeFocused();
  await expect(widget.launcher).toHaveCSS("opacity", "0");
  await page.keyboard.press("Tab");
  await expect(widget.launcher).toBeFocused();
  await expect(widget.launcher).toHaveCSS("opacity", "1");
});

/** What the announcer has read out since. */
async function listenIn(widget: import("./support/widget.ts").Widget): Promise<() => Promise<string[]>> {
  await widget.part("announcer").evaluate((announcer) => {
    const lines: string[] = ((window as any)[Symbol.for("lines")] = []);
    new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => lines.push(node.textContent!)))).observe(announcer, { childList: true });
  });
  return () => widget.page.evaluate(() => (window as any)[Symbol.for("lines")]);
}
