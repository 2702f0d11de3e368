// A page that the browser freezes: nothing of it runs, and what arrives meanwhile is lost with its socket.
import { expect } from "./fixtures.ts";
import { chat, hide, test, texts } from "./support/own-browser.ts";

const missed = Array.from({ length: 20 }, (_, index) => `While you were frozen ${index + 1}`);

test("a frozen page shows all that was said meanwhile within two seconds of its resuming, in order, once", async ({ browserOfItsOwn: browser, control, website }) => {
  const page = await chat(browser, website, control);
  await page.evaluate(`window.at = {}; for (const name of ["freeze", "resume"]) document.addEventListener(name, () => at[name] = performance.now());
    setInterval(() => {
      const shown = document.querySelector("guest-messenger").shadowRoot.querySelectorAll("[part=bubble]").length;
      if (at.resume && shown > ${missed.length}) at.caughtUp ??= performance.now();
    }, 5)`);
  await hide(browser, page);
  await page.setLifecycle("frozen");
  for (const text of missed) await control.say(text);
  expect(await texts(page), "nothing of the page runs").toEqual(["Hello"]);

  await page.activate();
  await page.setLifecycle("active");
  await expect.poll(() => page.evaluate("at.caughtUp - at.resume")).toBeGreaterThan(0);
  expect(await page.evaluate("at.caughtUp - at.resume"), "milliseconds from resuming to the last message").toBeLessThan(2_000);
  await page.evaluate("GuestMessenger.messenger.send('Here I am')");
  await expect.poll(() => texts(page)).toEqual(["Hello", ...missed, "Here I am"]);
  await expect.poll(() => control.texts()).toEqual(["Hello", ...missed, "Here I am"]);
  expect(await control.conversations()).toMatchObject([{ connections: 1 }]);
});
