import { expect, test } from "./fixtures.ts";
import { expectNoFaults } from "./support/axe.ts";

test.beforeEach(async ({ control }) => {
  await control.set({ bot: true, bot_pace_ms: 20 });
});

test("the marks of the deployment's markup are shown, and what they do not know stays", async ({ widget, page }) => {
  await widget.chat("markdown");
  const bubble = widget.part("bubble").last();
  await expect(bubble.locator("strong")).toHaveText("Bold");
  await expect(bubble.locator("em")).toHaveText("italic");
  await expect(bubble.locator("s")).toHaveText("struck");
  await expect(bubble.locator("mark")).toHaveText("marked");
  await expect(bubble.locator("code")).toHaveText("code");
  await expect(bubble.locator("pre")).toHaveText("let total = 3 * 14;");
  await expect(bubble.getByRole("link")).toHaveText(["named link", "https://shop.example.test/size-guide"]);
  await expect(bubble).toContainText("This stays as it is: *not bold*, **not bold either**, <b>nor this</b>.");
  await expectNoFaults(page);
});

test("where the deployment wants no markup every letter is shown", async ({ widget, control }) => {
  await control.set({ markdown: false });
  await widget.chat("markdown");
  await expect(widget.part("bubble").last()).toContainText("*Bold*, _italic_, ~struck~, ==marked== and `code`.");
  await expect(widget.part("bubble").last().locator(":not(a)")).toHaveCount(0);
});

test("a long text is folded, and unfolded and folded again by keyboard", async ({ widget, page }) => {
  await widget.chat("long");
  const more = widget.part("more");
  await expect(more).toHaveText("Show more");
  await expect(more).toHaveAttribute("aria-expanded", "false");
  const bubble = widget.part("bubble").last();
  await expect(bubble).not.toContainText("https://shop.example.test/");
  await expectNoFaults(page);
  await more.press("Enter");
  await expect(more).toHaveAttribute("aria-expanded", "true");
  await expect(more).toHaveText("Show less");
  await expect(more).toBeFocused();
  await expect(bubble.getByRole("link")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(bubble.getByRole("link")).toHaveCount(0);
});

test("emoji alone are large, and one of the guest's own too", async ({ widget }) => {
  await widget.chat("emoji");
  const size = (text: string) => widget.message(text).locator("[part=bubble]").evaluate((bubble) => getComputedStyle(bubble).fontSize);
  await expect(widget.message("🎉 👋🏽")).toBeVisible();
  expect(await size("🎉 👋🏽")).toBe("40px");
  await widget.send("👍");
  await widget.expectDelivered("👍");
  expect(await size("👍")).toBe("40px");
});

for (const [locale, own] of [["en", "שלום"], ["ar", "OK"]] as const) {
  test(`what is written in another direction than the panel's stands on its author's side, in ${locale}`, async ({ widget, control }) => {
    await widget.chat(own, { attributes: { locale } });
    await control.say({ text: own, name: own });
    const agents = widget.messages.and(widget.host.locator("[data-author=agent]"));
    await expect(agents).toHaveCount(1);
    const middle = async (row = widget.messages) => {
      const [bubble, inList] = [await row.locator("[part=bubble]").boundingBox(), await widget.part("list").boundingBox()];
      return (bubble!.x + bubble!.width / 2 - inList!.x) / inList!.width;
    };
    const [guest, agent] = [await middle(widget.messages.and(widget.host.locator("[data-author=guest]"))), await middle(agents)];
    const isLeft = (share: number) => share < 0.5;
    expect([isLeft(guest), isLeft(agent)]).toEqual(locale === "ar" ? [true, false] : [false, true]);
    const [name, bubble] = [(await agents.locator("[part=sender]").boundingBox())!, (await agents.locator("[part=bubble]").boundingBox())!];
    const apart_px = locale === "ar" ? bubble.x + bubble.width - (name.x + name.width) : name.x - bubble.x;
    expect(Math.abs(apart_px), "the name stands over its bubble").toBeLessThan(30);
  });
}
