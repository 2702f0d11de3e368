// Every state of the gallery comes about, without a fault of the page.
import { root } from "../../www/scripts/command.mjs";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { equals, until } from "./page.mjs";

/** Their names stand at the beginning of a line. The file itself is for pages: it needs a browser around it. */
const names = [...readFileSync(join(root, "www/demo/gallery/states.js"), "utf8").matchAll(/^ {2}(?:"([\w-]+)"|(\w+)): \{/gm)].map(([, quoted, plain]) => quoted ?? plain);

export async function states(browser, { url }, check, keep) {
  for (const name of names) {
    await check(`the state "${name}"`, async () => {
      await browser.open(`${url}/demo/gallery/state.html?state=${name}`);
      await until(async () => equals(await browser.run(() => "ready" in document.documentElement.dataset), true));
      keep?.(name, await browser.picture());
    });
  }
}
