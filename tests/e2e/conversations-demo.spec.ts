import { expect, test } from "./fixtures.ts";

for (const name of ["conversations", "participants", "webchat"]) {
  test(`the demo page ${name} chats, and shows what it is told`, async ({ widget, control, standIn, page }) => {
    await page.goto(`${standIn.url}/`);
    await page.getByRole("link", { name: { conversations: "with a script tag", participants: "as a participant", webchat: "beside a web chat session" }[name]! }).click();
    await expect(page.locator("#events")).toContainText("mounted");
    await widget.open();
    await widget.send("Hello");
    await widget.expectDelivered("Hello");
    await control.say("Hello to you");
    await expect(widget.message("Hello to you")).toBeVisible();
    await expect(page.locator("#events")).toContainText('metrics {"sent":1,"failed":0');
    await expect(page.locator("#events")).toContainText("TRANSMIT_MESSAGE");
    await expect(page.locator("#events")).not.toContainText("error");

    await page.reload();
    await widget.expectTexts(["Hello", "Hello to you"]);
    await widget.send("Me again");
    await widget.expectDelivered("Me again");
    expect(await control.texts("guest")).toEqual(["Hello", "Me again"]);
  });
}
