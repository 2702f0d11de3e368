import { expect, test } from "./fixtures.ts";

test.beforeEach(async ({ control }) => {
  await control.set({ bot: true, bot_pace_ms: 20 });
});

test("the bot's help and its quick replies can be read and used", async ({ widget }) => {
  await widget.chat("help");
  await expect(widget.messages.filter({ hasText: "carousel" }).first()).toHaveAttribute("data-author", "bot");
  await widget.send("quick replies");
  await expect(widget.quickReplies).toHaveText(["Small", "Medium", "Large"]);
});

test("a card shows its title, text and picture, and its button answers", async ({ widget, control }) => {
  await widget.chat("card");
  const card = widget.part("card");
  await expect(card).toContainText("Trail shoe");
  await expect(card).toContainText("Light, dry and quick on wet ground.");
  await expect.poll(() => card.locator("[part=card-image]").evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  await expect(card.getByRole("link", { name: "Details" })).toHaveAttribute("href", "https://shop.example.test/trail");
  await card.getByRole("button", { name: "Choose the trail shoe" }).click();
  await widget.expectDelivered("Choose the trail shoe");
  const answer = (await control.conversation()).messages.filter(({ author }) => author === "guest").at(-1);
  expect(answer!.content).toMatchObject([{ buttonResponse: { payload: "ORDER:TRAIL" } }]);
});

test("a carousel shows all its cards", async ({ widget }) => {
  await widget.chat("carousel");
  await expect(widget.part("card-title")).toHaveText(["Trail shoe", "City sneaker", "Beach sandal"]);
});

test("a picture that is sent shows and can be downloaded", async ({ widget, standIn }) => {
  await widget.chat("file");
  const picture = widget.part("image");
  await expect(picture).toHaveAttribute("alt", "parcel.png");
  await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  await expect(widget.part("picture")).toHaveAttribute("href", new RegExp(`^${standIn.url}/`));
});

test("a kind of message that cannot be shown says so in words", async ({ widget }) => {
  await widget.chat("list picker");
  await expect(widget.messages.and(widget.page.locator("[data-author=bot]")).last()).toContainText(/\w{3,}/);
});
