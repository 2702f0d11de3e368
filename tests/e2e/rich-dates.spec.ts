import { expect, test } from "./fixtures.ts";
import { expectNoFaults } from "./support/axe.ts";

test.use({ timezoneId: "Europe/Berlin" });

const slots = ["2026-10-20T10:30:00.000Z", "2026-10-21T14:00:00.000Z", "2026-10-20T09:00:00.000Z", "2026-10-20T22:30:00.000Z"];
const picker = { contentType: "DatePicker", datePicker: { title: "Delivery slot", subtitle: "Choose when", availableTimes: slots.map((dateTime) => ({ dateTime, duration: 1800 })) } };
const message = { author: "bot", name: "Robi", text: "When?", raw_body: { type: "Structured", content: [picker] } };

test("a time is chosen by keyboard, sent with its own name, and shown when the page comes back", async ({ widget, control, page }) => {
  await widget.chat("Hello", { attributes: { locale: "en-GB" } });
  const offer = await control.say(message);
  await expect(widget.part("offer-title")).toHaveText("Delivery slot");
  // Berlin is two hours ahead: the evening slot is the next day's first.
  await expect(widget.part("offer-legend")).toHaveText(["Tuesday 20 October", "Wednesday 21 October"]);
  await expect(widget.part("offer-slot")).toHaveText(["11:00", "12:30", "00:30", "16:00"]);

  await expectNoFaults(page);
  await widget.part("offer-send").press("Enter");
  await expect(widget.part("offer-hint")).toHaveText("Choose something first.");
  await widget.part("offer-slot").locator("input").first().focus();
  for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await expect(widget.part("offer-slot").locator("input:checked")).toHaveCount(1);
  await page.keyboard.press("Tab");
  await expect(widget.part("offer-send")).toBeFocused();
  await page.keyboard.press("Enter");

  await widget.expectDelivered("Wed 21 Oct, 00:30");
  await expect(widget.part("offer-chosen")).toHaveText("Wed 21 Oct, 00:30");
  await expect(widget.part("offer-send")).toHaveCount(0);
  const answer = (await control.conversation()).messages.at(-1)!;
  expect(answer.content).toMatchObject([{ buttonResponse: { type: "DatePicker", payload: "2026-10-20T22:30:00.000Z", originatingMessageId: offer } }]);

  await page.reload();
  await expect(widget.part("offer-chosen")).toHaveText("Wed 21 Oct, 00:30");
});

test("a view that cannot be loaded says so and is loaded when it is asked for again", async ({ widget, control, page }) => {
  await page.route(/\/picker-\w+\.js/, (route) => route.abort(), { times: 1 });
  await widget.chat("Hello");
  await control.say(message);
  await expect(widget.part("offer")).toContainText("This part could not be loaded.");
  await widget.part("offer").getByRole("button", { name: "Try again" }).click();
  await expect(widget.part("offer-title")).toHaveText("Delivery slot");
});

test("an answer that the platform refuses leaves the offer open", async ({ widget, control }) => {
  await widget.chat("Hello");
  // A browser takes it for a time, the platform does not.
  const availableTimes = [{ dateTime: "2026-10-20T10:30", duration: 1800 }];
  await control.say({ ...message, raw_body: { type: "Structured", content: [{ ...picker, datePicker: { title: "Slot", availableTimes } }] } });
  await widget.part("offer-slot").click();
  await widget.part("offer-send").click();
  await expect(widget.messages.last()).toHaveAttribute("data-delivery", "failed");
  await expect(widget.part("offer-slot").locator("input"), "what was chosen stays").toBeChecked();
  await expect(widget.part("offer-chosen")).toHaveCount(0);
});

test("more days are shown where they were asked for", async ({ widget, control, page }) => {
  await page.setViewportSize({ width: 1000, height: 480 });
  await widget.chat("Hello");
  const availableTimes = Array.from({ length: 30 }, (_, day) => ({ dateTime: new Date(Date.UTC(2026, 9, 1 + day, 10)).toISOString(), duration: 1800 }));
  await control.say({ ...message, raw_body: { type: "Structured", content: [{ ...picker, datePicker: { title: "Slot", availableTimes } }] } });
  await widget.part("offer-more").click();
  const slot = widget.part("offer-slot").nth(3);
  await expect(slot.locator("input")).toBeFocused();
  await expect(widget.part("offer-slot").last()).not.toBeInViewport();
  await expect(slot).toBeInViewport({ ratio: 0.99 });
});
