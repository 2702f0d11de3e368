import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/** What a page may rely on, without the words about it. */
const declarations = (path: string) =>
  readFileSync(path, "utf8")
    .replace(/\/\*[\s\S]*?\*\/|^\/\/.*$/gm, "")
    .replace(/^\s*\n/gm, "");

test("the public types are those of tests/golden/api.d.ts; change it only on purpose", () => {
  assert.equal(declarations("www/src/types.ts"), declarations("tests/golden/api.d.ts"));
});
