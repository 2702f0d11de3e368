import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { root } from "./support/stand-in.ts";

const words = (tag: string): Record<string, string> => JSON.parse(readFileSync(join(root, "www", "locales", `${tag}.json`), "utf8"));
const inGerman = { head: "<script>document.documentElement.lang = 'de-AT'</script>" };

test("the messenger speaks the page's language, and loads no other", async ({ widget, website }) => {
  await widget.visit(inGerman);
  await widget.open();
  await expect(widget.input).toHaveAttribute("placeholder", words("de")["message_placeholder"]!);
  await expect(widget.launcher).toHaveAccessibleName(words("de")["close_chat"]!);
  await expect(widget.panel).toHaveAttribute("lang", "de-AT");
  await expect(widget.launcher).toHaveAttribute("lang", "de-AT");
  expect(website.requests.filter((path) => path.includes("/locales/"))).toEqual([expect.stringMatching(/^\/dist\/locales\/de-[0-9a-f]{8}\.json$/)]);
});

test("the page's option comes before its own language, and English costs no request", async ({ widget, website }) => {
  await widget.visit({ ...inGerman, attributes: { locale: "en-GB" } });
  await widget.open();
  await expect(widget.input).toHaveAttribute("placeholder", words("en")["message_placeholder"]!);
  expect(website.requests.filter((path) => path.includes("/locales/"))).toEqual([]);
});

test("a page whose language nobody has words for gets the browser's", async ({ browser, website, control: _ }) => {
  const context = await browser.newContext({ locale: "pt-BR" });
  const page = await context.newPage();
  await page.goto(website.publish({ head: "<script>document.documentElement.lang = 'tlh'</script>", attributes: { open: "true" } }));
  await expect(page.locator("guest-messenger [part=input]")).toHaveAttribute("placeholder", words("pt-BR")["message_placeholder"]!);
  await context.close();
});

test("without its words the messenger speaks English, from left to right", async ({ widget, page }) => {
  await page.route("**/locales/*", (route) => route.fulfill({ status: 404 }));
  await widget.chat("Hello", { attributes: { locale: "ar" } });
  await expect(widget.input).toHaveAttribute("placeholder", words("en")["message_placeholder"]!);
  await expect(widget.panel).toHaveAttribute("lang", "en");
  await expect(widget.panel).toHaveAttribute("dir", "ltr");
});

test("the words come while the wasm is on its way", async ({ widget, page }) => {
  const asked = page.waitForRequest("**/locales/fr-*.json");
  await page.route("**/*.wasm", async (route) => {
    await asked;
    await route.continue();
  });
  await widget.visit({ attributes: { locale: "fr" } });
  await widget.open();
  await expect(widget.input).toHaveAttribute("placeholder", words("fr")["message_placeholder"]!);
});

test("Arabic is written from the right, and counts as Arabic does", async ({ widget, control }) => {
  await widget.chat("مرحبا", { attributes: { locale: "ar" } });
  await expect(widget.panel).toHaveAttribute("dir", "rtl");
  await widget.close();
  const forms = ["one", "two", "few"].map((form) => words("ar")[`unread_${form}`]!);
  for (const [before, form] of forms.entries()) {
    await control.say("سؤال");
    await expect(widget.badge).toHaveText(String(before + 1));
    await expect(widget.launcher).toHaveAccessibleName(`${words("ar")["open_chat"]}, ${form.replace("{count}", String(before + 1))}`);
  }
});
