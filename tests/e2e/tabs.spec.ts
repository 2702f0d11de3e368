import { expect, test } from "./fixtures.ts";

test("a second tab joins the conversation and both show all of it", async ({ widget, secondWidget, control }) => {
  await widget.chat("From the first tab");
  await secondWidget.visit();
  await secondWidget.open();
  await secondWidget.expectTexts(["From the first tab"]);
  await secondWidget.send("From the second tab");
  await secondWidget.expectDelivered("From the second tab");
  await control.say("To both");
  for (const tab of [widget, secondWidget]) await tab.expectTexts(["From the first tab", "From the second tab", "To both"]);
  expect((await secondWidget.mark())!.token).toBe((await widget.mark())!.token);
  expect(await control.conversations()).toMatchObject([{ connections: 1 }]);
});

test("what is read in one tab is read in the other", async ({ widget, secondWidget, control }) => {
  await widget.chat("Hello");
  await secondWidget.visit();
  await secondWidget.open();
  await secondWidget.expectTexts(["Hello"]);
  await widget.close();
  await secondWidget.close();
  await control.say("One");
  await control.say("Two");
  for (const tab of [widget, secondWidget]) await expect(tab.badge).toHaveText("2");
  await widget.open();
  await expect(secondWidget.badge).toBeHidden();
  await expect(secondWidget.panel).toBeHidden();
});

test("a conversation cleared in one tab is gone in both", async ({ widget, secondWidget, control }) => {
  await widget.chat("Hello");
  const { token } = (await widget.mark())!;
  await secondWidget.visit();
  await secondWidget.open();
  await secondWidget.expectTexts(["Hello"]);
  await widget.clear();
  for (const tab of [widget, secondWidget]) {
    await expect(tab.messages).toHaveCount(0);
    await expect.poll(() => tab.mark()).toBeNull();
  }
  await secondWidget.send("A new beginning");
  await secondWidget.expectDelivered("A new beginning");
  expect((await secondWidget.mark())!.token).not.toBe(token);
  expect(await control.texts("guest")).toEqual(["A new beginning"]);
});

for (const remember of ["false", "true"]) {
  test(`two tabs that begin in the same moment share one conversation (remember=${remember})`, async ({ widget, secondWidget, control }) => {
    const both = [widget, secondWidget];
    await Promise.all(both.map((tab) => tab.visit({ attributes: { open: "true", remember } })));
    await Promise.all(both.map((tab, at) => tab.send(`From tab ${at}`)));
    for (const tab of both) {
      await tab.expectDelivered("From tab 0");
      await tab.expectDelivered("From tab 1");
    }
    expect(await control.conversations()).toMatchObject([{ connections: 1 }]);
  });
}

test("a conversation that another tab has begun, remembered and left is gone on with", async ({ widget, secondWidget, control }) => {
  const page = { attributes: { remember: "true" } };
  await widget.chat("Hello", page);
  await secondWidget.visit(page);
  await secondWidget.expectTexts(["Hello"]);
  await widget.clear();
  await expect(secondWidget.messages).toHaveCount(0);
  await widget.send("A new beginning");
  await widget.expectDelivered("A new beginning");
  await widget.page.close();
  await secondWidget.send("Gone on with");
  await secondWidget.expectDelivered("Gone on with");
  expect(await control.texts("guest")).toEqual(["A new beginning", "Gone on with"]);
});
