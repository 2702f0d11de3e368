// What the tests of this room ask of a page. The functions that `run` gets run in the page and see nothing of this file.
import { later } from "./webdriver.mjs";

const within_ms = 15_000;

/** Asks again until the answer is true; the last answer is in the error. */
export async function until(answer) {
  const end_ms = Date.now() + within_ms;
  for (;;) {
    const said = await answer();
    if (said === true) return;
    if (Date.now() > end_ms) throw new Error(`this did not come about; the last answer was ${JSON.stringify(said)}`);
    await later(50);
  }
}

export const equals = (value, expected) => JSON.stringify(value) === JSON.stringify(expected) || { instead: value };

/** The texts of all rows, the guest's own with how far they have come. */
export const texts = (browser) =>
  browser.run(() =>
    [...(document.querySelector("guest-messenger")?.shadowRoot.querySelectorAll("[part=message]") ?? [])].map((row) =>
      [row.querySelector("[part=bubble]")?.textContent, row.dataset.delivery].filter(Boolean).join(": "),
    ),
  );

export const part = (browser, name, property) =>
  browser.run((name, property) => document.querySelector("guest-messenger")?.shadowRoot.querySelector(`[part=${name}]`)?.[property] ?? null, name, property);

export const click = (browser, name) => browser.run((name) => document.querySelector("guest-messenger").shadowRoot.querySelector(`[part=${name}]`).click(), name);

/** From here on the page notes what goes wrong in it. */
export const watch = (browser) =>
  browser.run(() => {
    window.faults = [];
    window.addEventListener("error", ({ message }) => window.faults.push(message));
    window.addEventListener("unhandledrejection", ({ reason }) => window.faults.push(String(reason)));
  });

export const faults = (browser) => browser.run(() => window.faults);
