// Files in messages: what is shown in place, what is saved, and the large view of pictures.
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { Tray, largeFile, picture, sent, silence, slowUploads, textFile } from "./support/files.ts";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** The answer to the next file that the browser saves: its status, and what it is to be saved as. */
async function saving(page: Page): Promise<[number, string | undefined]> {
  const answer = await page.context().waitForEvent("response", (response) => response.url().includes("/api/v2/downloads/"));
  return [answer.status(), answer.headers()["content-disposition"]];
}

test("pictures open large, turn by arrow keys, zoom, and give the focus back on Escape", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  for (const [name, colour] of [["first.png", "#2f6b4f"], ["second.png", "#8a3b6b"], ["third.png", "#345"]] as const) {
    await control.say(sent(await picture(page, name, colour, 900, 600)));
  }
  await expect(widget.part("picture")).toHaveCount(3);
  const second = widget.part("picture").nth(1);
  await second.focus();
  await page.keyboard.press("Enter");
  const viewer = widget.part("viewer");
  await expect(viewer).toBeVisible();
  await expect(widget.part("viewer-title")).toHaveText("second.png");
  await expect(widget.part("viewer-count")).toHaveText("2 of 3");
  await page.keyboard.press("ArrowRight");
  await expect(widget.part("viewer-title")).toHaveText("third.png");
  await page.keyboard.press("ArrowRight");
  await expect(widget.part("viewer-count"), "there is no fourth").toHaveText("3 of 3");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(widget.part("viewer-title")).toHaveText("first.png");
  const width = () => widget.part("viewer-image").evaluate((image) => image.getBoundingClientRect().width);
  const before = await width();
  await page.keyboard.press("+");
  expect(await width()).toBeGreaterThan(before * 1.5);
  await page.keyboard.press("0");
  expect(await width()).toBe(before);
  // All of it by keyboard, and nothing behind it.
  for (let press = 0; press < 12; press += 1) {
    await page.keyboard.press("Tab");
    expect(await viewer.evaluate((dialog) => dialog.contains((dialog.getRootNode() as ShadowRoot).activeElement) || !(dialog.getRootNode() as ShadowRoot).activeElement)).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(viewer).toHaveCount(0);
  await expect(widget.panel, "only the innermost layer closes").toBeVisible();
  await expect(widget.part("picture").first(), "the focus is at the picture that was seen last").toBeFocused();
});

test("audio and video have the browser's controls and do not start by themselves", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.say(sent(silence()));
  const audio = widget.part("audio");
  await expect(audio).toBeVisible();
  await expect.poll(() => audio.evaluate((audio: HTMLAudioElement) => audio.readyState)).toBeGreaterThan(0);
  expect(await audio.evaluate((audio: HTMLAudioElement) => [audio.controls, audio.autoplay, audio.paused])).toEqual([true, false, true]);
  await control.say(sent({ name: "clip.mp4", mimeType: "video/mp4", buffer: Buffer.from("no film") }));
  const video = widget.part("video");
  await expect(video).toHaveAttribute("controls", "");
  expect(await video.evaluate((video: HTMLVideoElement) => [video.autoplay, video.paused])).toEqual([false, true]);
  await expect(widget.part("file"), "both can be saved too").toHaveCount(2);
});

test("drawings and pages are files to save and never shown in place", async ({ widget, control, page }) => {
  const hostile = [
    ["evil.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='__pwn()'/>"],
    ["evil.html", "text/html", "<script>__pwn()</script>"],
    ["disguised.svg", "image/png", "<svg xmlns='http://www.w3.org/2000/svg' onload='__pwn()'/>"],
  ] as const;
  await widget.chat("Hello");
  for (const [name, mimeType, text] of hostile) await control.say(sent({ name, mimeType, buffer: Buffer.from(text) }));
  await expect(widget.part("file")).toHaveCount(3);
  await expect(widget.host.locator("img[part=image], iframe, object, embed")).toHaveCount(0);
  const saved = saving(page);
  await widget.part("file").first().click();
  expect(await saved).toEqual([200, expect.stringMatching(/^attachment; .*evil\.svg$/)]);
  expect(await page.evaluate(() => (window as any)["__pwn"])).toBeUndefined();
});

test("a picture whose address has expired is shown by a fresh one, and one that is gone says so", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  await control.say(sent(await picture(page, "old.png")));
  await expect.poll(() => widget.part("image").evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(320);
  await control.fault({ kind: "expire_files" });
  await widget.part("image").evaluate((image: HTMLImageElement) => {
    image.dataset["old"] = "";
    image.src = `${image.src}&`;
  });
  await expect.poll(() => widget.wire.sent.filter((frame) => frame["action"] === "getAttachment").length).toBe(1);
  await expect(widget.host.locator("[part=image]:not([data-old])")).toHaveJSProperty("naturalWidth", 320);
});

test("a file is saved by a fresh address, however old the message is", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  await control.say(sent(textFile("terms.txt", "The terms.")));
  await expect(widget.part("file")).toBeVisible();
  await control.fault({ kind: "expire_files" });
  const saved = saving(page);
  await widget.part("file").click();
  expect(await saved).toEqual([200, expect.stringMatching(/^attachment; .*terms\.txt$/)]);
});

test("on a page with the strictest policy files are sent, shown and seen large without a violation", async ({ widget, control, page, standIn }) => {
  await page.addInitScript(() => {
    const reports: string[] = ((window as any)[Symbol.for("violations")] = []);
    document.addEventListener("securitypolicyviolation", (event) => reports.push(`${event.effectiveDirective} ${event.blockedURI}`));
  });
  const socket = standIn.url.replace("http", "ws");
  const policy = `default-src 'none'; style-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${standIn.url} ${socket}; img-src data: ${standIn.url}; media-src ${standIn.url}`;
  await widget.chat("Hello", { headers: { "content-security-policy": policy } });
  const tray = new Tray(widget);
  await tray.choose(await picture(page, "shoe.png"));
  await tray.expectState("shoe.png", "uploaded");
  await widget.send("Under a policy");
  await widget.expectDelivered("Under a policy");
  await control.say(sent(silence()));
  await expect(widget.part("audio")).toBeVisible();
  await widget.part("picture").click();
  await expect(widget.part("viewer-image")).toHaveJSProperty("naturalWidth", 320);
  await page.keyboard.press("+");
  await page.keyboard.press("Escape");
  expect(await page.evaluate(() => (window as any)[Symbol.for("violations")])).toEqual([]);
});

test("a picture of any other host is a file to save, and an address that may not be opened is only a name", async ({ widget, control }) => {
  await widget.chat("Hello");
  const attachment = (url: string) => ({ contentType: "Attachment", attachment: { id: "far", url, filename: "far.png", mediaType: "Image", mime: "image/png" } });
  await control.say({ text: "Elsewhere", raw_body: { content: [attachment("https://evil.example/far.png")] } });
  await control.say({ text: "Nowhere", raw_body: { content: [attachment("javascript:__pwn()")] } });
  await expect(widget.message("Elsewhere").locator("a[part=file]")).toHaveAttribute("href", "https://evil.example/far.png");
  await expect(widget.message("Nowhere").locator("[part=file]")).toHaveText("far.png");
  await expect(widget.message("Nowhere").locator("a")).toHaveCount(0);
  await expect(widget.part("image")).toHaveCount(0);
});

test("a file that the platform does not give out any more says so in its place", async ({ widget, control }) => {
  await widget.chat("Hello");
  const attachment = { id: "unknown-to-it", url: "https://api.mypurecloud.com/gone", filename: "gone.pdf", mediaType: "File", mime: "application/pdf" };
  await control.say({ text: "Gone", raw_body: { content: [{ contentType: "Attachment", attachment }] } });
  await widget.part("file").click();
  await expect(widget.part("file")).toHaveText("gone.pdfNo longer available");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds no accessibility faults in the tray, in files and in the viewer, in ${colorScheme}`, async ({ widget, control, page }) => {
    await page.emulateMedia({ colorScheme });
    await widget.chat("Hello", { attributes: { "primary-color": "#2f6b4f" } });
    await control.say(sent(await picture(page, "shoe.png")));
    await control.say(sent(silence()));
    await control.say(sent(textFile("terms.txt")));
    await expect(widget.part("file")).toHaveCount(2);
    const tray = new Tray(widget);
    await slowUploads(page, 300_000);
    await tray.choose(await picture(page, "ready.png"), largeFile("moving.txt"), textFile("wrong.exe"));
    await tray.expectState("ready.png", "uploaded");
    await tray.expectState("wrong.exe", "failed");
    await page.addScriptTag({ path: axe });
    const faults = async () => {
      const { violations, passes } = await page.evaluate(() => (window as any).axe.run({ include: [["guest-messenger"]] }));
      expect(passes.length, "rules that had something to look at").toBeGreaterThan(10);
      return violations.map(({ id, nodes }: any) => `${id}: ${nodes.map(({ target, failureSummary }: any) => `${target} ${failureSummary}`).join("; ")}`);
    };
    expect(await faults()).toEqual([]);
    await widget.part("picture").click();
    await expect(widget.part("viewer")).toBeVisible();
    expect(await faults(), "with the picture large").toEqual([]);
  });
}
