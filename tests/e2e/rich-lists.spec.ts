import { expect, test } from "./fixtures.ts";
import { expectNoFaults } from "./support/axe.ts";

const item = (id: string, title: string) => ({ id, title, subtitle: `About ${title}` });
const listPicker = {
  sections: [
    { title: "Colour", multipleSelection: false, items: [item("red", "Red"), item("blue", "Blue")] },
    { title: "Extras", multipleSelection: true, items: ["Laces", "Wax", "Bag", "Sock", "Brush", "Card", "Box", "Tag"].map((title) => item(title.toLowerCase(), title)) },
  ],
  receivedMessage: { title: "Make it yours", subtitle: "Extras are optional", buttonLabel: "Choose" },
  replyMessage: { title: "Chosen" },
};
const message = { author: "bot", name: "Robi", text: "How?", raw_body: { type: "Structured", content: [{ contentType: "ListPicker", listPicker }] } };

test("one of a section and several of another are chosen by keyboard and sent together", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const offer = await control.say(message);
  await expect(widget.part("offer-title")).toHaveText("Make it yours");
  await expectNoFaults(page);
  const choices = widget.part("offer-item").locator("input");
  await choices.first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await expect(choices.nth(0)).not.toBeChecked();
  await expect(choices.nth(1)).toBeChecked();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  for (const key of ["Tab", "Tab", "Space"]) await page.keyboard.press(key);
  await widget.part("offer-more").press("Enter");
  await expect(choices.nth(8), "the first of those that were folded").toBeFocused();
  await widget.part("offer-send").press("Enter");

  await widget.expectDelivered("Chosen");
  await expect(widget.part("offer-chosen").locator("li")).toHaveText(["Blue", "Laces", "Bag"]);
  await expect(widget.input, "what had the focus is gone").toBeFocused();
  const { content } = (await control.conversation()).messages.at(-1)!;
  expect(content.map(({ buttonResponse }: any) => [buttonResponse.type, buttonResponse.payload, buttonResponse.originatingMessageId])).toEqual([
    ["ListPicker", "blue", offer],
    ["ListPicker", "laces", offer],
    ["ListPicker", "bag", offer],
  ]);
  await page.reload();
  await expect(widget.part("offer-chosen").locator("li")).toHaveText(["Blue", "Laces", "Bag"]);
  await expectNoFaults(page);
});

test("an answer that the platform has no time for now is sent a little later", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.say(message);
  await control.fault({ kind: "rate_limit", count: 1, retry_after_s: 1 });
  await widget.part("offer-item").first().click();
  await widget.part("offer-send").click();
  await widget.expectDelivered("Chosen");
  await expect(widget.part("offer-chosen")).toHaveText("Red");
});

test("in a conversation that is over nothing can be chosen any more", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.say(message);
  await expect(widget.part("offer-send")).toBeVisible();
  await control.disconnect({ read_only: true });
  await expect(widget.ended).toBeVisible();
  await expect(widget.part("offer-title")).toHaveText("Make it yours");
  await expect(widget.part("offer-send")).toBeHidden();
  await expect(widget.part("offer-item").first()).toBeHidden();
});

for (const height of [420, 1000]) {
  test(`what is shown more of a long list begins where it was asked for, in a page ${height} pixels high`, async ({ widget, control, page }) => {
    await page.setViewportSize({ width: 1000, height });
    await widget.chat("Hello");
    const items = Array.from({ length: 50 }, (_, at) => ({ id: `i${at}`, title: `Item ${at}` }));
    const long = { contentType: "ListPicker", listPicker: { sections: [{ title: "Things", multipleSelection: true, items }] } };
    await control.say({ author: "bot", text: "Which?", raw_body: { type: "Structured", content: [long] } });
    await widget.part("offer-more").click();
    const rows = widget.part("offer-item");
    await expect(rows.nth(6).locator("input")).toBeFocused();
    await expect(rows.nth(49)).not.toBeInViewport();
    await expect(rows.nth(5)).toBeInViewport();
    await expect(rows.nth(6)).toBeInViewport({ ratio: 0.99 });
    await rows.nth(6).click();
    for (const text of ["One moment", "One more moment"]) await control.say(text);
    await expect(widget.part("jump"), "it is read when it is asked for").toHaveText("2 new messages");
    await expect(rows.nth(6)).toBeInViewport({ ratio: 0.99 });
    await widget.part("jump").click();
    await expect(widget.message("One more moment")).toBeInViewport();
  });
}
