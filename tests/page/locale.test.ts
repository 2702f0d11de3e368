import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseLocale } from "../../www/src/locale.ts";

test("the first language that there are words for is taken, with its region", () => {
  assert.equal(chooseLocale(["", "xx", "EN-gb", "en-US"]), "EN-gb");
});

test("without any, it is English", () => {
  assert.equal(chooseLocale(["", "xx-YY"]), "en");
  assert.equal(chooseLocale([]), "en");
});
