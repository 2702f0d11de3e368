// Quick replies: with pictures, as few as anybody means, and when their script does not come.
import { type Json, expect, test } from "./fixtures.ts";
import { expectNoFaults } from "./support/axe.ts";

const offer = (replies: Json[]) => ({ text: "Which one?", raw_body: { type: "Structured", content: replies.map((quickReply) => ({ contentType: "QuickReply", quickReply })) } });
const leaf = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40" fill="#2f6b4f"/></svg>`;

test("a quick reply has its picture, of the platform's own host alone, small, and without a name of its own", async ({ widget, control, page, standIn }) => {
  const asked: (string | undefined)[] = [];
  await page.route(`${standIn.url}/leaf.svg`, (route) => {
    asked.push(route.request().headers()["referer"]);
    return route.fulfill({ contentType: "image/svg+xml", body: leaf });
  });
  await widget.chat("Hello");
  const elsewhere = ["http://evil.example/a.png", "https://evil.example/a.png", "data:image/png;base64,x", "javascript:__pwn()"];
  await control.say(offer([{ text: "Green", payload: "G", image: `${standIn.url}/leaf.svg` }, ...elsewhere.map((image, at) => ({ text: `Other ${at}`, payload: "O", image }))]));
  await expect(widget.quickReplies).toHaveText(["Green", "Other 0", "Other 1", "Other 2", "Other 3"]);
  const image = widget.part("quick-reply-image");
  await expect(image).toHaveCount(1);
  await expect.poll(() => image.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(80);
  const { width, height } = (await image.boundingBox())!;
  expect([width, height]).toEqual([24, 24]);
  expect(asked, "its host learns nothing of the page").toEqual([undefined]);
  await expect(widget.quickReplies.first()).toHaveAccessibleName("Green");
  await expectNoFaults(page);
  await widget.quickReplies.first().click();
  await widget.expectDelivered("Green");
  const { content } = (await control.conversation()).messages.at(-1)!;
  expect(content.map(({ buttonResponse }: any) => [buttonResponse.type, buttonResponse.text, buttonResponse.payload])).toEqual([["QuickReply", "Green", "G"]]);
});

test("a quick reply that nobody would see is none, one without a payload stands for its words, and thirteen are enough", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.say(offer([{ text: " \u200b\u2066 ", payload: "x" }, { payload: "y" }, { text: "Yes" }, ...Array.from({ length: 16 }, (_, at) => ({ text: `No ${at}`, payload: "N" }))]));
  await expect(widget.quickReplies).toHaveText(["Yes", ...Array.from({ length: 12 }, (_, at) => `No ${at}`)]);
  await widget.quickReplies.first().click();
  await widget.expectDelivered("Yes");
  const { content } = (await control.conversation()).messages.at(-1)!;
  expect(content.map(({ buttonResponse }: any) => buttonResponse.payload)).toEqual(["Yes"]);
});

test("quick replies whose script does not come can be asked for again", async ({ widget, control, page }) => {
  await page.route("**/dist/replies-*", (route) => route.abort());
  await widget.chat("Hello");
  await control.say(offer([{ text: "Yes", payload: "Y" }]));
  const again = widget.part("quick-replies").locator("[part=retry]");
  await expect(again).toBeVisible();
  await page.unrouteAll();
  await again.click();
  await expect(widget.quickReplies).toHaveText(["Yes"]);
});
