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
