import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/** Stands in for the loudspeaker and the system's notifications; counts and keeps what comes. */
async function listenToSystem(page: Page): Promise<{ beeps: () => Promise<number>; notifications: () => Promise<unknown[]> }> {
  await page.addInitScript(() => {
    const heard = ((window as any)[Symbol.for("system")] = { beeps: 0, notifications: [] as unknown[] });
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when) {
      heard.beeps++;
      start.call(this, when);
    };
    (window as any).Notification = class {
      static permission = "default";
      static requestPermission = async () => (this.permission = "granted");
      onclick: (() => void) | null = null;
      constructor(title: string, { body }: NotificationOptions) {
        heard.notifications.push([title, body]);
      }
      close(): void {}
    };
  });
  const system = () => page.evaluate(() => (window as any)[Symbol.for("system")]);
  // Two tones a beep.
  return { beeps: async () => (await system()).beeps / 2, notifications: async () => (await system()).notifications };
}

/** The browser has no way to hide a page: it is made to say that it is. */
async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((isHidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (isHidden ? "hidden" : "visible") });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}

test("the newest message shows beside the launcher while the panel is closed, is said once, and opens the panel", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  await widget.close();
  await widget.part("announcer").evaluate((announcer) => {
    const lines: string[] = ((window as any)[Symbol.for("lines")] = []);
    new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => lines.push(node.textContent!)))).observe(announcer, { childList: true });
  });
  await control.say("One");
  await expect(widget.part("preview-text")).toHaveText("One");
  await control.say("Two");
  await expect(widget.part("preview-text")).toHaveText("Two");
  await expect(widget.part("preview-sender")).toHaveText("Ana");
  expect(await widget.part("preview").evaluate((preview) => preview.closest("[aria-live], [role=status], [role=alert]"))).toBeNull();
  await expect.poll(() => page.evaluate(() => (window as any)[Symbol.for("lines")])).toEqual(["Ana: One", "Ana: Two"]);

  await widget.part("preview-open").click();
  await expect(widget.panel).toBeVisible();
  await expect(widget.input).toBeFocused();
  await expect(widget.part("preview")).toBeHidden();
  await expect(widget.message("Two")).toBeInViewport();
});

test("a preview can be dismissed, and the page can have none", async ({ widget, control }) => {
  await widget.chat("Hello");
  await widget.close();
  await control.say("One");
  await widget.part("preview-dismiss").click();
  await expect(widget.part("preview")).toBeHidden();
  await expect(widget.launcher).toBeFocused();
  await expect(widget.badge).toHaveText("1");

  await widget.visit({ attributes: { preview: "false" } });
  await widget.launcher.click();
  await expect(widget.message("One")).toBeVisible();
  await widget.close();
  await control.say("Two");
  await expect(widget.badge).toBeVisible();
  await expect(widget.part("attention")).not.toHaveAttribute("aria-busy");
  await expect(widget.part("preview")).toHaveCount(0);
});

test("a sound is heard only once the visitor has turned it on, once in all tabs, and that is remembered", async ({ widget, secondWidget, control, page }) => {
  const system = await listenToSystem(page);
  const second = await listenToSystem(secondWidget.page);
  await widget.chat("Hello", { attributes: { remember: "" } });
  await widget.close();
  await control.say("One");
  await expect(widget.part("preview-text")).toHaveText("One");
  expect(await system.beeps()).toBe(0);

  await widget.open();
  await widget.choose("Sound for new messages");
  await expect(widget.host.getByRole("menuitemcheckbox", { name: "Sound for new messages" })).toBeChecked();
  await expect.poll(system.beeps, "so that it is known").toBe(1);
  await widget.part("title").click();
  await widget.close();

  await secondWidget.visit({ attributes: { remember: "" } });
  await expect(secondWidget.launcher).toBeVisible();
  const both = async () => (await system.beeps()) + (await second.beeps());
  await secondWidget.open();
  await expect(secondWidget.message("One")).toBeVisible();
  await secondWidget.close();
  await control.say("Two");
  await expect(widget.part("preview-text")).toHaveText("Two");
  await expect(secondWidget.part("preview-text")).toHaveText("Two");
  await expect.poll(both).toBe(2);
  await control.say("Three");
  await expect.poll(both).toBe(3);
});

test("the title tells of new messages while the page is hidden, where the page wants that, and is itself again afterwards", async ({ widget, control, page }) => {
  await page.clock.install();
  await widget.chat("Hello", { attributes: { "title-flash": "" } });
  await widget.close();
  await setHidden(page, true);
  await control.say("One");
  await expect(page).toHaveTitle("1 new message");
  await page.clock.runFor(1_000);
  await expect(page).toHaveTitle("A website");
  await page.clock.runFor(1_000);
  await expect(page).toHaveTitle("1 new message");
  await setHidden(page, false);
  await expect(page).toHaveTitle("A website");
  await page.clock.runFor(5_000);
  await expect(page).toHaveTitle("A website");
});

test("the system tells of messages only when the visitor has asked for it, and of their text only when that too", async ({ widget, control, page }) => {
  const system = await listenToSystem(page);
  await widget.chat("Hello");
  await setHidden(page, true);
  await control.say("One");
  await expect(widget.message("One")).toBeAttached();
  await setHidden(page, false);
  await widget.choose("Desktop notifications");
  await expect(widget.host.getByRole("menuitemcheckbox", { name: "Desktop notifications" })).toBeChecked();
  await setHidden(page, true);
  await control.say("Two");
  await expect.poll(system.notifications).toEqual([["Chat with us", expect.stringMatching(/^\d new messages?$/)]]);
  await setHidden(page, false);
  await widget.host.getByRole("menuitemcheckbox", { name: "With the message in them" }).click();
  await setHidden(page, true);
  await control.say("Three");
  await expect.poll(async () => (await system.notifications()).at(-1)).toEqual(["Chat with us", "Ana: Three"]);
});
