import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

const strictest = "default-src 'none'; style-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** The violations of the page's policy, as the browser reports them to the page. */
async function watchViolations(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const reports: string[] = ((window as any)[Symbol.for("violations")] = []);
    document.addEventListener("securitypolicyviolation", (event) => reports.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
  });
  return () => page.evaluate(() => (window as any)[Symbol.for("violations")]);
}

const policies: [string, string, string][] = [
  ["its own scripts only", "script-src 'self' 'wasm-unsafe-eval'", ""],
  ["scripts with a nonce and what they load", "script-src 'nonce-3f1c' 'strict-dynamic' 'wasm-unsafe-eval'", 'nonce="3f1c"'],
];

for (const [what, scripts, attribute] of policies) {
  test(`a page that allows ${what}, no style sheets and no text as markup hosts a whole chat without a violation`, async ({ widget, control, page, standIn, website }) => {
    const violations = await watchViolations(page);
    const socket = standIn.url.replace("http", "ws");
    const headers = { "content-security-policy": `${strictest}; ${scripts}; connect-src 'self' ${standIn.url} ${socket}; img-src data: ${standIn.url}` };
    await control.set({ bot: true, bot_pace_ms: 20 });
    const script = website.scriptTag({ "primary-color": "#2f6b4f" }).replace("<script", `<script ${attribute}`);
    await widget.chat("carousel", { headers, script });
    await expect(widget.part("card")).toHaveCount(3);
    await control.type();
    await expect(widget.typing).toBeVisible();
    await control.say({ text: "Look: https://example.com/", quick_replies: ["Yes", "No"] });
    await widget.quickReplies.first().click();
    await widget.expectDelivered("Yes");
    await page.reload();
    await widget.expectDelivered("Yes");
    await widget.clear();
    await expect(widget.messages).toHaveCount(0);
    const background = await widget.launcher.evaluate((launcher) => getComputedStyle(launcher).backgroundColor);
    expect(background, "the brand colour").toBe("rgb(47, 107, 79)");
    expect(await violations()).toEqual([]);
  });
}

test("a page that forbids WebAssembly is told what to allow", async ({ widget, standIn }) => {
  const headers = { "content-security-policy": `script-src 'self'; connect-src 'self' ${standIn.url} ${standIn.url.replace("http", "ws")}` };
  await widget.visit({ headers });
  const errors = await widget.listen("error");
  await widget.launcher.click();
  await expect.poll(errors).toMatchObject([{ code: "unsupported/wasm", message: expect.stringContaining("'wasm-unsafe-eval'") }]);
});

test("the demo page with a strict policy chats without a violation", async ({ widget, page, standIn }) => {
  const violations = await watchViolations(page);
  await page.goto(`${standIn.url}/demo/strict-csp.html`);
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  expect(await violations()).toEqual([]);
});

test("on a hostile page, which resets all styles and patches the built-ins, the messenger looks and works as ever", async ({ widget, control, page, standIn }) => {
  const looks = () =>
    widget.panel.evaluate((panel) => {
      const input = panel.querySelector("[part=input]")!;
      const { width, height } = panel.getBoundingClientRect();
      return [width, height, getComputedStyle(panel).opacity, getComputedStyle(panel).transform, getComputedStyle(input).color, getComputedStyle(input).fontSize];
    });
  await widget.chat("Hello");
  const usual = await looks();
  await page.goto(`${standIn.url}/demo/hostile.html`);
  await expect(widget.panel, "only options of one's own count").toBeHidden();
  await widget.open();
  await widget.send("Hello from a bad place");
  await widget.expectDelivered("Hello from a bad place");
  await control.say("Hello back");
  await expect(widget.message("Hello back")).toBeVisible();
  expect(await looks()).toEqual(usual);
  await expect(widget.launcher).toBeInViewport();
});
