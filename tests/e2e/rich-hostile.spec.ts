// Every text of the hostile corpus in every place where a message holds words or addresses.
import { expect, test } from "./fixtures.ts";
import { allTexts, takeTime } from "./support/corpus.ts";
import { Guard, headersOf, policies, strangeElements } from "./support/guard.ts";

const batchSize = 20;

/** One message with all kinds of content, and this text wherever they have one. */
function everywhere(x: string) {
  const actions = [{ type: "Link", text: x, url: x }, { type: "Postback", text: x, payload: x }];
  const card = { title: x, description: x, image: x, video: x, defaultAction: { type: "Link", text: x, url: x }, actions };
  const item = { id: x, title: x, subtitle: x, imageUrl: x, value: x };
  const asked = { header: x, title: x, subtitle: x, buttonLabel: x, imageUrl: x };
  const sections = [{ title: x, multipleSelection: true, items: [item] }];
  const datePicker = { id: x, title: x, subtitle: x, imageUrl: x, dateMinimum: x, dateMaximum: x, availableTimes: [{ dateTime: x }, { dateTime: "2026-10-20T09:00:00.000Z" }] };
  const input = { id: x, title: x, subtitle: x, placeholderText: x, isRequired: true, keyboardType: x, autoCompleteType: x };
  const components = [{ input }, { datePicker }, { datePicker: { id: x, title: x, dateMinimum: x } }, { listPicker: { id: x, title: x, sections } }, { wheelPicker: { id: x, title: x, items: [item] } }];
  const form = { cannedResponseId: x, introduction: { title: x, subtitle: x, imageUrl: x, buttonText: x }, formPages: [{ title: x, subtitle: x, pageComponents: components }], receivedMessage: asked, replyMessage: asked };
  const reply = { text: x, payload: x, image: x };
  const content = [
    { contentType: "QuickReply", quickReply: reply },
    { contentType: "QuickReplyV2", quickReplyV2: { title: x, actions: [reply] } },
    { contentType: "Card", card },
    { contentType: "Carousel", carousel: { cards: [card, card] } },
    { contentType: "GenericTemplate", generic: { title: x, description: x, image: x, video: x, actions: { url: x }, components: [{ title: x, actions: { url: x } }, { title: x, actions: { textback: x } }] } },
    { contentType: "DatePicker", datePicker },
    { contentType: "ListPicker", listPicker: { id: x, sections, receivedMessage: asked, replyMessage: asked } },
    { contentType: "Form", form },
    { contentType: "Attachment", attachment: { id: "1", url: x, filename: x, mediaType: "Image", mime: x, text: x } },
    { contentType: x },
  ];
  const from = { nickname: x, firstName: x, image: x };
  return { raw_body: { type: "Structured", content, channel: { type: "Private", time: new Date().toISOString(), from, to: {} } } };
}

for (const policy of policies) {
  test(`@corpus no text of the corpus runs, loads or leads anywhere in any kind of content, under ${policy}`, async ({ widget, control, page, standIn, website }) => {
    takeTime();
    const rows = allTexts();
    const guard = await Guard.watch(page, website, standIn);
    await widget.chat("Hello", { headers: headersOf(policy, standIn) });
    const address = page.url();
    for (let start = 0; start < rows.length; start += batchSize) {
      await widget.goToNewest();
      for (const { input } of rows.slice(start, start + batchSize)) await control.say({ text: input || "empty", ...everywhere(input) });
      await control.say(`Up to here: ${start}`);
      await expect(widget.message(`Up to here: ${start}`)).toBeVisible();
      await expect(widget.host.locator("[part=offer][aria-busy]")).toHaveCount(0);
      // Opens the forms, and presses whatever else answers nothing.
      await widget.host.evaluate((host) => {
        for (const button of host.shadowRoot!.querySelectorAll<HTMLElement>("div[part=offer-form] > [part=offer-send], [part=offer-more], [part=more]")) button.click();
      });
      expect.soft(await strangeElements(widget), `rows from ${start} on`).toEqual([]);
    }
    await expect(widget.part("offer-page").first()).toBeAttached();
    expect(page.url()).toBe(address);
    const avatars = await widget.host.locator("img[part=avatar]").evaluateAll((images) => images.map((image) => (image as HTMLImageElement).src));
    const declared = rows.flatMap(({ input }) => (input.trim() && URL.canParse(input) ? [new URL(input).href] : [])).filter((href) => href.startsWith("https://"));
    await guard.expectClean([...avatars, ...declared]);
  });
}

test.describe("the control", () => {
  // Whatever the texts do to that page.
  test.use({ toleratedErrors: /./ });

  test("@corpus a naive renderer in the same place is hit by at least forty texts of the corpus", async ({ page }) => {
    takeTime();
    const hit = new Set<string>();
    let current = { id: "", html: "" };
    await page.exposeFunction("__pwn", () => void hit.add(current.id));
    await page.route("**/*", (route) => (route.request().url() === "http://naive.test/" ? route.fulfill({ contentType: "text/html", body: current.html }) : route.abort()));
    for (const { id, input } of allTexts()) {
      const marked = input.replace(/!\[([^\]]*)\]\(([^)]*)\)/g, '<img alt="$1" src="$2">').replace(/\[([^\]]*)\]\(([^)]*)\)/g, '<a href="$2">$1</a>');
      current = { id, html: `<!doctype html><meta charset="utf-8"><div>${marked}</div><a href="${input}">link</a>` };
      await page.goto("http://naive.test/", { timeout: 5_000 }).catch(() => undefined);
      const press = () => document.querySelectorAll<HTMLElement>("a, button, input, select, summary, [tabindex]").forEach((one) => one.click?.());
      await page.evaluate(press).catch(() => undefined);
      if (hit.size >= 40) return;
    }
    expect(hit.size).toBeGreaterThanOrEqual(40);
  });
});
