import { expect, test } from "./fixtures.ts";
import { conversations, participants, visit, webchat } from "./support/dialects.ts";

test("an agent at the desk reads, sees the guest type, answers, and sees that it was seen", async ({ widget, standIn, context }) => {
  await widget.chat("I need a hand");
  const desk = await context.newPage();
  await desk.goto(standIn.desk);
  await expect(desk.locator("#messages")).toContainText("I need a hand");
  await widget.send("Anyone there?");
  await expect(desk.locator("#messages")).toContainText("Anyone there?");
  await widget.input.pressSequentially("I am");
  await expect(desk.locator("#typing")).toContainText("typing");

  await desk.getByRole("textbox", { name: "Reply" }).fill("Yes, I am here");
  await expect(widget.typing).toBeVisible();
  await desk.getByRole("textbox", { name: "Reply" }).press("Enter");
  await expect(widget.message("Yes, I am here")).toHaveAttribute("data-author", "agent");
  await expect(widget.typing).toBeHidden();
  await expect(desk.locator("#messages")).toContainText("Seen");
});

for (const dialect of [conversations, participants, webchat]) {
  test(`the desk shows what a guest by ${dialect.name} does: typing, what was seen, and how messages go`, async ({ widget, website, standIn, control, context, page }) => {
    await visit(page, website, standIn, dialect);
    await widget.open();
    await widget.send("I need a hand");
    await widget.expectDelivered("I need a hand");
    const desk = await context.newPage();
    await desk.goto(standIn.desk);
    await expect(desk.locator("#messages")).toContainText("I need a hand");
    await expect(desk.locator("#facts")).toContainText("1 message/min");
    // What goes by the participant's send form is content alone, and does not say when it was sent.
    if (dialect !== participants) await expect(desk.locator("#facts")).toContainText(/latency \d+ ms/);
    await page.bringToFront();
    await widget.input.pressSequentially("abcdefghijkl", { delay: 100 });
    await expect(desk.locator("#typing")).toContainText("typing");
    await expect(desk.locator("#facts")).toContainText(`typing: ${dialect.name}`);
    await widget.input.fill("");
    await expect(desk.locator("#typing")).toBeEmpty();

    await control.say("Yes, I am here");
    await expect(desk.locator("#messages").getByText("Seen")).toBeVisible();
    await expect(desk.locator("#facts")).toContainText(`receipts: ${dialect === participants ? "participants" : "conversations"}`);
  });
}
