import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { type Dialect, conversations, participants, visit } from "./support/dialects.ts";

const file = { url: "https://files.example/plan.pdf?sig=1", contentType: "application/pdf", fileName: "plan.pdf", size: 1234 };

/** What became of sending this: nothing, or the error's code. */
const send = (page: Page, message: unknown): Promise<string | undefined> =>
  page.evaluate((message) => {
    const messenger = (window as any).site?.messenger ?? (window as any).GuestMessenger.messenger;
    return messenger.send(message).then(() => undefined, (error: { code: string }) => error.code);
  }, message);

const dialects: Dialect[] = [conversations, participants];

for (const dialect of dialects) {
  test(`by ${dialect.name} a page sends files by their addresses, which visitor and agent see, also after a reload`, async ({ widget, website, standIn, control, page }) => {
    const calls = await visit(page, website, standIn, dialect);
    await widget.open();
    expect(await send(page, { text: "See this", attachments: [file, { ...file, fileName: "photo.png", contentType: "image/png" }] })).toBeUndefined();
    await widget.expectDelivered("See this");
    const files = widget.message("See this").locator("[part=file]");
    await expect(files).toHaveText(["plan.pdf2 kB", "photo.png2 kB"]);
    await expect(files.first()).toHaveAttribute("href", file.url);
    expect((await control.conversation()).messages).toMatchObject([
      {
        author: "guest",
        text: "See this",
        content: [
          { attachment: { url: file.url, filename: "plan.pdf", mime: "application/pdf", fileSize: 1234 } },
          { attachment: { filename: "photo.png", mime: "image/png" } },
        ],
      },
    ]);
    const [sent] = calls.to(/\/messaging\/messages$/);
    expect(sent!.body!["attachments"]).toEqual([file, { ...file, fileName: "photo.png", contentType: "image/png" }]);

    expect(await send(page, { attachments: [file] }), "a file alone").toBeUndefined();
    await expect.poll(async () => (await control.conversation()).messages.map(({ content }) => content.length)).toEqual([2, 1]);
    if (dialect.attributes) {
      await page.reload();
      await expect(files).toHaveCount(2);
    }
  });
}

test("what may not be attached is refused with its reason before any call", async ({ widget, website, standIn, page }) => {
  const calls = await visit(page, website, standIn, conversations);
  await widget.open();
  const refusals: [unknown, string][] = [
    [{ text: "t", attachments: [{ ...file, contentType: "image/svg+xml" }] }, "rejected/attachment-type"],
    [{ text: "t", attachments: [{ ...file, size: 26 * 1024 * 1024 }] }, "rejected/attachment-size"],
    [{ text: "<script>", attachments: [file] }, "rejected/content"],
    [{ text: "t", attachments: [{ ...file, url: "http://files.example/plan.pdf" }] }, "misuse/message"],
    [{ text: 7 }, "misuse/message"],
    [{}, "misuse/empty-message"],
  ];
  for (const [message, code] of refusals) expect(await send(page, message)).toBe(code);
  expect(calls.to(/\/messaging\/messages$/)).toEqual([]);
  await widget.expectTexts([]);
});

test("the Guest API takes a text and no message of several parts", async ({ widget, website, page }) => {
  await page.goto(website.publish());
  await widget.open();
  expect(await send(page, { text: "See this", attachments: [file] })).toBe("misuse/empty-message");
  expect(await send(page, "See this")).toBeUndefined();
  await widget.expectTexts(["See this"]);
});
