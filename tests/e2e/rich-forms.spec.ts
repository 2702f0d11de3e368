import { expect, test } from "./fixtures.ts";
import { expectNoFaults } from "./support/axe.ts";

test.beforeEach(async ({ control }) => {
  await control.set({ bot: true, bot_pace_ms: 20 });
});

test("a form is filled in by keyboard, page by page, checked, summed up, sent, and shown when the page comes back", async ({ widget, control, page }) => {
  await widget.chat("form", { attributes: { locale: "en-GB" } });
  await expect(widget.part("offer-title")).toHaveText("Report a problem");
  await expectNoFaults(page);
  await widget.part("offer-send").press("Enter");

  const name = widget.host.getByRole("textbox", { name: "Name" });
  await expect(name).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(name, "the first that is wrong").toBeFocused();
  await expect(name).toHaveAccessibleDescription("Please answer this.");
  await expectNoFaults(page);
  await page.keyboard.type("Ada Example");
  await expect(name).toHaveAccessibleDescription("");
  await page.keyboard.press("Tab");
  await page.keyboard.type("ada");
  await page.keyboard.press("Enter");
  await expect(widget.host.getByRole("textbox", { name: "E-mail" })).toHaveAccessibleDescription("This is not an e-mail address.");
  await page.keyboard.type("@example.com");
  await page.keyboard.press("Enter");

  await expect(widget.part("offer-note").first()).toHaveText("2 of 3");
  const bought = widget.host.getByLabel("When did you buy it?");
  await expect(bought).toBeFocused();
  await bought.fill("2026-10-12");
  await widget.host.getByRole("checkbox", { name: "A lace" }).press("Space");
  await widget.host.getByLabel("Your size").selectOption("40");
  await expectNoFaults(page);
  await widget.part("offer-back").press("Enter");
  await expect(name).toHaveValue("Ada Example");
  await page.keyboard.press("Enter");
  await expect(bought).toHaveValue("2026-10-12");
  await widget.part("offer-send").press("Enter");

  const answers = ["Ada Example", "ada@example.com", "12 Oct 2026", "A lace", "40"];
  await expect(widget.part("offer-chosen").locator("dd")).toHaveText(answers);
  await expectNoFaults(page);
  await expect(widget.part("offer-send")).toBeFocused();
  await page.keyboard.press("Enter");
  await widget.expectDelivered("Report sent");
  await expect(widget.part("offer-title").filter({ hasText: "Report sent" })).toBeVisible();
  await expect(widget.part("bubble").last()).toHaveText("I have your answers:\nname: Ada Example\nemail: ada@example.com\nbought: 12 Oct 2026\nparts: A lace\nsize: 40", { useInnerText: true });
  const sent = (await control.conversation()).messages.filter(({ author }) => author === "guest").at(-1)!;
  const form: any = (sent.content[0] as any).form;
  expect(form.cannedResponseId).toBe("e1e1e1e1-0000-4000-8000-0000000000c1");
  expect(form.response.map(({ id, component }: any) => [id, component.buttonResponse.payload])).toEqual([
    ["name", "Ada Example"],
    ["email", "ada@example.com"],
    ["bought", "2026-10-12T00:00:00.000Z"],
    ["parts", "lace"],
    ["size", "40"],
  ]);

  await page.reload();
  await expect(widget.part("offer-chosen").locator("dd")).toHaveText(answers);
  await expect(widget.part("offer-chosen").locator("dt").first()).toHaveText("Name");
});

test("half a form is kept while the conversation goes on", async ({ widget, page }) => {
  await widget.chat("form");
  await widget.part("offer-send").press("Enter");
  await expect(widget.host.getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("half a form");
  await widget.send("something else");
  await widget.expectDelivered("something else");
  await expect(widget.host.getByRole("textbox", { name: "Name" })).toHaveValue("half a form");
});

test("half a form is there again when its row comes back into the window", async ({ widget, control, page }) => {
  await widget.chat("form");
  await widget.part("offer-send").press("Enter");
  const name = widget.host.getByRole("textbox", { name: "Name" });
  await name.fill("Ada Example");
  await widget.host.getByRole("textbox", { name: "E-mail" }).fill("ada@example.com");
  await widget.part("offer-send").press("Enter");
  await widget.host.getByRole("checkbox", { name: "A lace" }).press("Space");
  await widget.goToNewest();
  for (let count = 1; count <= 40; count++) await control.say(`Message ${count}`);
  await expect(widget.message("Message 40")).toBeVisible();
  await expect(widget.part("offer")).toHaveCount(0);

  // A message that is painted in the same moment brings the view back to the bottom once more.
  const scrollUp = async () => {
    await widget.transcript.evaluate((transcript) => (transcript.scrollTop = 0));
    return widget.part("offer-note").count();
  };
  await expect.poll(scrollUp).toBeGreaterThan(0);
  await expect(widget.part("offer-note").first()).toHaveText("2 of 3");
  await expect(widget.host.getByRole("checkbox", { name: "A lace" })).toBeChecked();
  await widget.part("offer-back").click();
  await expect(name).toHaveValue("Ada Example");
  await page.keyboard.press("Enter");
  await widget.host.getByLabel("When did you buy it?").fill("2026-10-12");
  for (let step = 0; step < 2; step++) await widget.part("offer-send").click();
  await widget.expectDelivered("Report sent");
});

test("a date is written in the order that the form names, and where it is stands beside it", async ({ widget, control }) => {
  const datePicker = (id: string, title: string, rest: object) => ({ formComponentType: "DatePicker", datePicker: { id, title, ...rest } });
  const pageComponents = [
    datePicker("a", "From", { dateDisplayFormat: "yearMonthDay", location: "Fernhill, ground floor" }),
    datePicker("b", "To", { dateDisplayFormat: "monthDayYear", location: { title: "Market hall", latitude: 1, longitude: 2 } }),
  ];
  const form = { cannedResponseId: "7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c4100", formPages: [{ title: "Dates", pageComponents }] };
  await widget.chat("Hello", { attributes: { locale: "en-GB" } });
  await control.say({ author: "bot", text: "When?", raw_body: { type: "Structured", content: [{ contentType: "Form", form }] } });
  await widget.part("offer-send").click();
  await expect(widget.part("offer-field").locator("[part=offer-text]")).toHaveText(["Fernhill, ground floor", "Market hall"]);
  await widget.host.getByLabel("From").fill("2026-10-02");
  await widget.host.getByLabel("To").fill("2026-11-30");
  await widget.part("offer-send").click();
  await expect(widget.part("offer-chosen").locator("dd")).toHaveText(["2026 Oct 2", "Nov 30 2026"]);
  await widget.expectDelivered("Form sent");
  const sent = (await control.conversation()).messages.filter(({ author }) => author === "guest").at(-1)!;
  expect((sent.content[0] as any).form.response.map(({ component }: any) => component.buttonResponse)).toMatchObject([
    { text: "2026 Oct 2", payload: "2026-10-02T00:00:00.000Z" },
    { text: "Nov 30 2026", payload: "2026-11-30T00:00:00.000Z" },
  ]);
});

test("each page of a form that is longer than the view is read from its heading", async ({ widget, page }) => {
  await page.setViewportSize({ width: 1000, height: 520 });
  await widget.chat("form", { attributes: { locale: "en-GB" } });
  await widget.part("offer-send").press("Enter");
  const heading = () => widget.part("offer-note").first();
  await expect(heading()).toHaveText("1 of 3");
  await expect(heading()).toBeInViewport({ ratio: 0.99 });
  await widget.host.getByRole("textbox", { name: "Name" }).fill("Ada");
  await widget.host.getByRole("textbox", { name: "E-mail" }).fill("ada@example.com");
  await page.keyboard.press("Enter");
  await expect(heading()).toHaveText("2 of 3");
  const bought = widget.host.getByLabel("When did you buy it?");
  await expect(bought).toBeFocused();
  await expect(widget.part("offer-send")).not.toBeInViewport();
  await expect(heading()).toBeInViewport({ ratio: 0.99 });
  await expect(bought).toBeInViewport({ ratio: 0.99 });
});

test("messages that arrive leave the field that is being filled in where it is", async ({ widget, control, page }) => {
  await page.setViewportSize({ width: 1000, height: 520 });
  await widget.chat("form");
  await widget.part("offer-send").press("Enter");
  const name = widget.host.getByRole("textbox", { name: "Name" });
  await expect(name).toBeFocused();
  await page.keyboard.type("Ada ");
  const place = () => name.evaluate((field) => Math.round(field.getBoundingClientRect().top));
  const before = await place();
  for (let count = 1; count <= 6; count++) {
    await control.say({ author: "agent", name: "Ana", text: `Message ${count} arrives meanwhile, and it is not short` });
    await expect(widget.messages.filter({ hasText: `Message ${count}` })).toBeAttached();
    await expect.poll(place).toBe(before);
  }
  await expect(widget.part("jump")).toHaveText("6 new messages");
  await page.keyboard.type("Example");
  await expect(name).toHaveValue("Ada Example");
  expect(await place()).toBe(before);
  await widget.send("Thank you");
  await expect(widget.message("Thank you"), "whoever writes wants to see it").toBeInViewport();
});
