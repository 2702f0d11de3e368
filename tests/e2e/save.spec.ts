import { readFile } from "node:fs/promises";
import { expect, test } from "./fixtures.ts";

const hostile = `<img src=x onerror="alert(1)"> & 'quotes'`;

test("the conversation can be saved as text", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  await control.say("Good morning\nto you");
  await control.say(hostile);
  await expect(widget.message(hostile)).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent("download"), widget.choose("Save as text")]);
  expect(file.suggestedFilename()).toMatch(/^chat-\d{4}-\d\d-\d\d\.txt$/);
  const text = await readFile((await file.path())!, "utf8");
  expect(text).toMatch(/^\ufeffChat with us\n\n\[.+\] You: Hello\n\[.+\] Ana: Good morning\nto you\n\[.+\] Ana: <img src=x/);
  await expect(widget.part("menu-button")).toBeFocused();
});

test("what is saved is the whole conversation, also what has not been loaded yet", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  for (let number = 1; number <= 60; number++) await control.say(`Line ${number} of 60`);
  await expect(widget.message("Line 60 of 60")).toBeVisible();
  await page.reload();
  await expect(widget.message("Line 60 of 60")).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent("download"), widget.choose("Save as text")]);
  const text = await readFile((await file.path())!, "utf8");
  expect(text.match(/Line \d+ of 60/g)).toEqual(Array.from({ length: 60 }, (_, at) => `Line ${at + 1} of 60`));
  expect(text).toContain("You: Hello");
  await expect(widget.part("tool")).toBeHidden();
});

test("where earlier messages cannot be had, what is there is saved; Escape ends the waiting for them", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  for (let number = 1; number <= 60; number++) await control.say(`Line ${number} of 60`);
  await page.reload();
  await expect(widget.message("Line 60 of 60")).toBeVisible();
  // Nobody answers.
  await page.route(/webmessaging\/messages/, () => undefined);
  await widget.choose("Save as web page");
  await expect(widget.part("tool")).toContainText("Loading earlier messages");
  await page.keyboard.press("Escape");
  await expect(widget.part("tool")).toBeHidden();
  await page.unroute(/webmessaging\/messages/);
  await page.route(/webmessaging\/messages/, (route) => route.fulfill({ status: 404, json: {} }));
  const [file] = await Promise.all([page.waitForEvent("download", { timeout: 60_000 }), widget.choose("Save as text")]);
  const text = await readFile((await file.path())!, "utf8");
  expect(text).toContain("Line 60 of 60");
  expect(text).not.toContain("Line 1 of 60");
});

test("the conversation can be saved as a web page, in which nothing of it is markup and nothing runs", async ({ widget, control, page, context }) => {
  await widget.chat("Hello");
  await control.say({ name: "<b>Ana</b>", text: hostile });
  await expect(widget.message(hostile)).toBeVisible();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const [file] = await Promise.all([page.waitForEvent("download"), widget.choose("Save as web page")]);
  expect(asked.filter((address) => !/^blob:|\/dist\//.test(address)), "requests for it").toEqual([]);
  const html = await readFile((await file.path())!, "utf8");

  const saved = await context.newPage();
  saved.on("dialog", () => {
    throw new Error("a script in a message ran");
  });
  await saved.setContent(html);
  await expect(saved.getByRole("listitem").locator("p")).toHaveText(["Hello", hostile]);
  await expect(saved.getByRole("listitem").locator("b")).toHaveText(["You", "<b>Ana</b>"]);
  await expect(saved.locator("img, script")).toHaveCount(0);
});
