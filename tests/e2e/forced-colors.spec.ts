import { expect, test } from "./fixtures.ts";

test.use({ contextOptions: { forcedColors: "active" } });

test("where colours are forced a button that waits for a choice looks as if it did", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  const items = [{ id: "red", title: "Red" }];
  const picker = { contentType: "ListPicker", listPicker: { sections: [{ title: "Colour", multipleSelection: true, items }] } };
  await control.say({ author: "bot", text: "Which?", raw_body: { type: "Structured", content: [picker] } });
  const [idle, ready] = await page.evaluate(() =>
    ["GrayText", "ButtonText"].map((name) => {
      const probe = document.createElement("i");
      probe.style.color = name;
      document.body.append(probe);
      return getComputedStyle(probe).color;
    }),
  );
  expect(idle).not.toBe(ready);
  await expect(widget.part("offer-send")).toHaveCSS("color", idle!);
  await widget.part("offer-item").click();
  await expect(widget.part("offer-send")).toHaveCSS("color", ready!);
});

test("where colours are forced a switch of the menu shows its knob, on and off", async ({ widget }) => {
  await widget.chat("Hello");
  await widget.openMenu();
  const sound = widget.host.getByRole("menuitemcheckbox", { name: "Sound for new messages" });
  const look = () => sound.evaluate((item) => getComputedStyle(item, "::after").background);
  const off = await look();
  expect(off).toContain("radial-gradient");
  await sound.click();
  await expect(sound).toBeChecked();
  expect(await look()).toContain("radial-gradient");
  expect(await look()).not.toBe(off);
});
