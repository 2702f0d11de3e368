// That no row of the corpus is left alone: tests/vectors/README.md names the test of each category.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { allRows } from "./support/corpus.ts";
import { root } from "./support/stand-in.ts";

test("@corpus every category of the corpus has a driver, which exists and asks for its rows", () => {
  const table = readFileSync(join(root, "tests", "vectors", "README.md"), "utf8").split("\n").filter((line) => line.startsWith("| `"));
  const drivers = new Map<string, string[]>();
  for (const line of table) {
    const [, categories = "", where = ""] = line.split("|");
    const files = [...where.matchAll(/`([\w./-]+\.spec\.ts)`/g)].map(([, name]) => join(root, "tests", "e2e", name!));
    for (const [, category] of categories.matchAll(/`([\w-]+)`/g)) drivers.set(category!, files);
  }
  for (const category of new Set(allRows().map(({ cat }) => cat))) {
    const [first] = drivers.get(category) ?? [];
    expect.soft(first && existsSync(first), `the driver of ${category}`).toBe(true);
    if (first && existsSync(first)) expect.soft(readFileSync(first, "utf8"), `${first} asks for ${category}`).toContain(`"${category}"`);
  }
});

test("@corpus every surface of the corpus is one that a driver knows", () => {
  const known: Record<string, RegExp> = {
    "link-url": /^card\.action\.url$/,
    structured: /./,
    frame: /^websocket$/,
    upload: /^file$/,
    composer: /^user-input$/,
    "privacy-log": /./,
    config: /^(deployment-id|region|base-url|config|remote-config)$/,
    "host-api": /^(postMessage|js-api)$/,
    "host-page": /^page-html$/,
    storage: /^(token|outbox|any)$/,
    http: /^fetch$/,
    sequence: /^protocol$/,
  };
  const strangers = allRows().filter(({ cat, surface }) => !(known[cat] ?? /^message\.text$/).test(surface));
  // Their texts are driven all the same, in every place that there is (rich-hostile.spec.ts).
  if (strangers.length > 0) console.log(`corpus: surfaces that no driver knows: ${strangers.map(({ id, surface }) => `${id} (${surface})`).join(", ")}`);
  if (!process.env["HOSTILE_INPUTS"]) expect(strangers).toEqual([]);
});
