import { expect, test } from "./fixtures.ts";
import { expectNoFaults } from "./support/axe.ts";

test.beforeEach(async ({ control }) => {
  await control.set({ bot: true, bot_pace_ms: 20 });
});

for (const [direction, locale, forward] of [["left to right", "en", "ArrowRight"], ["right to left", "ar", "ArrowLeft"]] as const) {
  test(`a carousel goes from card to card with the arrow keys, ${direction}`, async ({ widget, page }) => {
    await widget.chat("carousel", { attributes: { locale } });
    const carousel = widget.part("cards");
    await expect(widget.part("card-title")).toHaveText(["Trail shoe", "City sneaker", "Beach sandal"]);
    const leftmost = () => carousel.evaluate((node) => Math.abs(node.scrollLeft));
    await carousel.focus();
    const start = await leftmost();
    await page.keyboard.press(forward);
    await expect.poll(leftmost).toBeGreaterThan(100);
    await page.keyboard.press("End");
    const atEnd = await leftmost();
    await page.keyboard.press("Home");
    await expect.poll(leftmost).toBe(start);
    expect(atEnd).toBeGreaterThan(100);
    await expectNoFaults(page);
  });
}

test("arrow keys go on from the card that a carousel was scrolled to", async ({ widget, page }) => {
  await widget.chat("carousel");
  const carousel = widget.part("cards");
  await expect(widget.part("card-title")).toHaveCount(3);
  const left = () => carousel.evaluate((node) => node.scrollLeft);
  await carousel.hover();
  await page.mouse.wheel(2_000, 0);
  await expect.poll(() => carousel.evaluate((node) => node.scrollWidth - node.clientWidth - node.scrollLeft)).toBeLessThan(2);
  const end = await left();
  await carousel.focus();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(left).toBeLessThan(end - 20);
  expect(await left(), "the second of three").toBeGreaterThan(100);
});

test("a button of a card answers by keyboard, again when it is pressed again, and links lead elsewhere", async ({ widget, control, page }) => {
  await widget.chat("card");
  await expect(widget.part("card-title")).toHaveAttribute("href", "https://shop.example.test/trail");
  await expect(widget.part("card-title")).toHaveAttribute("rel", "noopener noreferrer nofollow");
  const choose = widget.host.getByRole("button", { name: "Choose the trail shoe" });
  await choose.press("Enter");
  await expect(widget.message("You chose: Choose the trail shoe")).toHaveCount(1);
  await choose.press("Enter");
  await expect(widget.message("You chose: Choose the trail shoe")).toHaveCount(2);
  const answers = (await control.conversation()).messages.filter(({ content }) => (content[0] as any)?.buttonResponse);
  expect(answers.map(({ content }) => (content[0] as any).buttonResponse.type)).toEqual(["Button", "Button"]);
  await expectNoFaults(page);
});

test("a template of the old kind is a card", async ({ widget, control }) => {
  await widget.chat("template");
  await expect(widget.part("card-title")).toHaveText("Size guide");
  await expect(widget.part("card").getByRole("link", { name: "Read it" })).toHaveAttribute("href", "https://shop.example.test/size-guide");
  await widget.part("card").getByRole("button", { name: "Ask a person" }).click();
  await widget.expectDelivered("Ask a person");
  const answer = (await control.conversation()).messages.filter(({ author }) => author === "guest").at(-1)!;
  expect(answer.content).toMatchObject([{ buttonResponse: { payload: "AGENT" } }]);
});

test("quick replies of either form answer and are gone, also when the page comes back", async ({ widget, control, page }) => {
  await control.set({ bot: false });
  await widget.chat("Hello");
  const reply = (text: string, payload: string) => ({ contentType: "ButtonResponse", buttonResponse: { type: "QuickReply", text, payload } });
  await control.say({ author: "bot", text: "Which?", raw_body: { type: "Structured", content: [reply("Tea", "T"), reply("Coffee", "C")] } });
  await expect(widget.quickReplies).toHaveText(["Tea", "Coffee"]);
  await expectNoFaults(page);
  await widget.quickReplies.last().press("Enter");
  await widget.expectDelivered("Coffee");
  await expect(widget.quickReplies).toHaveCount(0);
  await expect(widget.input).toBeFocused();
  await page.reload();
  await expect(widget.message("Coffee")).toBeVisible();
  await expect(widget.quickReplies).toHaveCount(0);
});

test("content that is not known shows its text, or says that it cannot be shown", async ({ widget, control }) => {
  await control.set({ bot: false });
  await widget.chat("Hello");
  const unknown = { type: "Structured", content: [{ contentType: "Hologram", hologram: {} }] };
  await control.say({ text: "With words", raw_body: unknown });
  await control.say({ text: "", raw_body: unknown });
  await expect(widget.message("With words")).toBeVisible();
  await expect(widget.part("unsupported")).toHaveText("This message can’t be shown here.");
});
