import { expect, test } from "./fixtures.ts";

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
