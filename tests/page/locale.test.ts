import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chooseLocale } from "../../www/src/locale.ts";

const folder = join("www", "locales");
const tags = readdirSync(folder).map((name) => name.replace(".json", ""));
const words = (tag: string): Record<string, string> => JSON.parse(readFileSync(join(folder, `${tag}.json`), "utf8"));
const english = words("en");

/** Of which there is a form for each kind of number. */
const counted = Object.keys(english).flatMap((key) => (key.endsWith("_one") ? [key.slice(0, -"_one".length)] : []));
const single = Object.keys(english).filter((key) => !counted.some((stem) => key === `${stem}_one` || key === `${stem}_other`));
const slots = (text: string) => [...text.matchAll(/\{(\w*)\}?/g)].map(([slot]) => slot).sort();

const read = (path: string) => readFileSync(path, "utf8");
/** The words that views alone say: en.json has them after the engine's. */
const ofViews = Object.keys(english).slice(Object.keys(english).indexOf(/firstOfViews = "(\w+)"/.exec(read(join("www", "scripts", "bundle.mjs")))?.[1] ?? ""));
const says = (source: string, key: string) => source.includes(`"${key}"`) || [...source.matchAll(/strings\[`(\w+_)\$\{/g)].some(([, stem]) => key.startsWith(stem!));

/** The text of a script of www/src and of all that it imports. */
function bundled(path: string, seen = new Set<string>()): string {
  if (seen.has(path)) return "";
  seen.add(path);
  const text = read(path);
  return text + [...text.matchAll(/^(?:import|export) (?!type ).* from "(.*\.ts)";$/gm)].map(([, other]) => bundled(join(path, "..", other!), seen)).join("");
}

const source = ["src", join("www", "src"), join("www", "styles")]
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: "utf8" }).map((name) => join(room, name)))
  .filter((path) => /\.(rs|ts|css)$/.test(path))
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");

const choose = (...wanted: string[]) => chooseLocale(wanted, tags);

test("there are words for at least 22 languages, two of them written from the right", () => {
  assert.ok(tags.length >= 22);
  assert.ok(tags.includes("ar") && tags.includes("he"));
});

test("the first language that there are words for is taken, with its region", () => {
  assert.deepEqual(choose("", "xx", "EN-gb", "de"), { locale: "en-GB", words: "en" });
  assert.deepEqual(choose("de_AT"), { locale: "de-AT", words: "de" });
});

test("without any, it is English", () => {
  assert.deepEqual(choose("", "xx-YY", "not a tag"), { locale: "en", words: "en" });
  assert.deepEqual(choose(), { locale: "en", words: "en" });
});

test("a region has its own words, those of its language, or those that its readers read", () => {
  const expected: Record<string, string> = {
    "pt-BR": "pt-BR", "pt-PT": "pt", "pt-AO": "pt", "pt": "pt",
    "zh": "zh-CN", "zh-SG": "zh-CN", "zh-Hans-HK": "zh-CN", "zh-TW": "zh-TW", "zh-HK": "zh-TW", "zh-Hant": "zh-TW",
    "no": "nb", "nn-NO": "nb", "nb": "nb", "iw-IL": "he", "es-419": "es", "fr-CA-u-nu-latn": "fr", "sr": "en",
  };
  for (const [tag, file] of Object.entries(expected)) assert.equal(choose(tag).words, file, tag);
  assert.equal(choose("iw-IL").locale, "he-IL");
});

for (const tag of tags) {
  test(`${tag} has the words that English has, no more and no less, in every form that its numbers ask for`, () => {
    const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    const expected = [...single, ...counted.flatMap((stem) => forms.map((form) => `${stem}_${form}`))];
    assert.deepEqual(Object.keys(words(tag)).sort(), expected.sort());
  });

  test(`${tag} fills the same slots as English, and leaves no word empty`, () => {
    for (const [key, text] of Object.entries(words(tag))) {
      const original = english[key] ?? english[key.replace(/_[a-z]+$/, "_other")];
      assert.ok(original !== undefined, key);
      assert.deepEqual(slots(text), slots(original), key);
      assert.ok(text.trim() === text && text !== "", key);
    }
  });
}

test("another language is translated: few of its words are those of English", () => {
  for (const tag of tags.filter((tag) => tag !== "en")) {
    const same = Object.entries(words(tag)).filter(([key, text]) => english[key] === text && !/^\W*(\{\w+\}\W*)+$/.test(text));
    assert.ok(same.length <= 4, `${tag}: ${same.map(([key]) => key).join(", ")}`);
  }
});

test("a sentence is one in every language", () => {
  const end = (text: string) => /[.。!！?？;؟…](?=\W*$)/.test(text);
  for (const tag of tags) for (const key of single) assert.equal(end(words(tag)[key]!), end(english[key]!), `${tag}: ${key}`);
});

test("every word is asked for somewhere", () => {
  const names = [...single, ...counted];
  // Such as `file_${state}`.
  const stems = [...source.matchAll(/strings\[`(\w+_)\$\{/g)].map(([, stem]) => stem!);
  const isAsked = (name: string) => source.includes(`"${name}"`) || source.includes(`strings.${name}`) || stems.some((stem) => name.startsWith(stem));
  assert.deepEqual(names.filter((name) => !isAsked(name)), []);
});

test("the engine says none of the words that views alone say", () => {
  const rust = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".rs")).map((name) => read(join("src", name))).join("\n");
  const engine = rust + bundled(join("www", "src", "engine.ts"));
  assert.ok(ofViews.length > 50);
  assert.deepEqual(ofViews.filter((key) => says(engine, key)), []);
});

test("a view that says more than the engine's words says so, and no other one does", () => {
  const views = readdirSync(join("www", "src", "lazy"));
  assert.ok(views.length > 10);
  for (const view of views) {
    const text = bundled(join("www", "src", "lazy", view));
    assert.equal(text.includes("export const saysMore = true"), ofViews.some((key) => says(text, key)), view);
  }
});

test("every word that is asked for is there", () => {
  const asked = [...source.matchAll(/(?:words|strings)(?:\.get\(|\.fill\(|\[)\s*"(\w+)"/g)].map(([, name]) => name!);
  assert.ok(asked.length > 20);
  assert.deepEqual(asked.filter((name) => !(name in english)), []);
  const countedFor = [...source.matchAll(/words\.count\(\s*"(\w+)"/g)].map(([, name]) => name!);
  assert.ok(countedFor.length > 0);
  assert.deepEqual(countedFor.filter((name) => !counted.includes(name)), []);
});
