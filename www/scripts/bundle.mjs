// Bundles the page side. Every file but the two entries carries a hash of its content, so that it can be cached for ever.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { root } from "./command.mjs";
import { lazyViewNames } from "./lazy-views.mjs";

const source = (name) => join(root, "www", "src", name);

const shared = {
  bundle: true,
  write: false,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  target: ["es2022", "chrome110", "firefox110", "safari16.4"],
  logLevel: "warning",
  absWorkingDir: root,
};

/** Style sheets are imported as minified text, for constructed style sheets. */
const stylesAsText = {
  name: "styles-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await esbuild.build({ ...shared, entryPoints: [path] });
      return { contents: outputFiles[0].text.trim(), loader: "text" };
    });
  },
};

/** What views alone say begins with this word in en.json; the rest is the engine's. */
const firstOfViews = "find_older";

/** The English words of the engine's script, or of the views'. */
const wordsOf = (whose) => ({
  name: `words-of-${whose}`,
  setup(build) {
    build.onLoad({ filter: /en\.json$/ }, ({ path }) => {
      const words = Object.entries(JSON.parse(readFileSync(path, "utf8")));
      const border = words.findIndex(([key]) => key === firstOfViews);
      const own = whose === "engine" ? words.slice(0, border) : words.slice(border);
      return { contents: JSON.stringify(Object.fromEntries(own)), loader: "json" };
    });
  },
});

/** Returns `[name, contents]` of every file of dist/. `engines` has the path of the glue and the wasm for each API. */
export async function bundle(engines) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const ofThisVersion = { VERSION: JSON.stringify(version) };
  const locales = readLocales();
  const localesHash = shortHash(locales.map(([, contents]) => contents).join(""));
  const ofLocales = { LOCALES: JSON.stringify(locales.map(([tag]) => tag)), LOCALES_HASH: JSON.stringify(localesHash) };
  const files = locales.map(([tag, contents]) => [`locales/${tag}-${localesHash}.json`, contents]);
  const views = [];
  for (const name of lazyViewNames()) views.push([name, await bundleScript(`lazy/${name}.ts`, { format: "esm", plugins: [wordsOf("views")] })]);
  const lazyHash = hashOfAll(views.map(([, contents]) => contents));
  for (const [name, contents] of views) files.push([`${name}-${lazyHash}.js`, contents]);
  const ofLazyViews = { LAZY_HASH: JSON.stringify(lazyHash) };
  const integrities = {};
  const loaded = [];
  for (const [api, { glue, wasm }] of Object.entries(engines)) {
    const script = await bundleScript("engine.ts", { format: "esm", alias: { glue }, plugins: [wordsOf("engine")], define: { API: JSON.stringify(api), ...ofThisVersion, ...ofLocales, ...ofLazyViews } });
    integrities[api] = createHash("sha384").update(wasm).digest("base64");
    loaded.push([`engine-${api}`, "js", script], [`engine-${api}`, "wasm", wasm]);
  }
  const explain = await bundleScript("explain.ts", { format: "esm" });
  const explainHash = shortHash(explain);
  files.push([`explain-${explainHash}.js`, explain]);
  loaded.push(["rules", "js", await bundleScript("rules.ts", { format: "esm", define: { EXPLAIN_HASH: JSON.stringify(explainHash) } })]);
  const loadedHash = hashOfAll(loaded.map(([, , contents]) => contents));
  for (const [name, extension, contents] of loaded) files.push([`${name}-${loadedHash}.${extension}`, contents]);
  const define = { INTEGRITIES: JSON.stringify(integrities), LOADED_HASH: JSON.stringify(loadedHash), ...ofThisVersion };
  files.push(["guest-messenger.js", await bundleScript("loader.ts", { format: "iife", define })]);
  files.push(["guest-messenger.mjs", await bundleScript("module.ts", { format: "esm", define })]);
  return files;
}

/**
 * One hash names all of them, and another one all lazy views: that of each would be 300 bytes in the engine's script. The words stand in the order of the
 * English ones, without their names, which would be a third of the download; the forms that English has not come last.
 */
function readLocales() {
  const folder = join(root, "www", "locales");
  const read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
  const english = Object.keys(read("en.json"));
  const ordered = (words) => {
    const others = Object.entries(words).filter(([key]) => !english.includes(key));
    return [...english.map((key) => words[key] ?? words[key.replace(/_one$/, "_other")]), Object.fromEntries(others)];
  };
  const names = readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
  return names.map((name) => [name.replace(".json", ""), JSON.stringify(ordered(read(name)))]);
}

async function bundleScript(name, options) {
  const { outputFiles } = await esbuild.build({ ...shared, ...options, entryPoints: [source(name)], plugins: [stylesAsText, ...(options.plugins ?? [])] });
  return outputFiles[0].contents;
}

/** One for all of them costs what names them less than one for each. */
const hashOfAll = (contents) => shortHash(contents.map(shortHash).join());

function shortHash(contents) {
  return createHash("sha256").update(contents).digest("hex").slice(0, 8);
}
