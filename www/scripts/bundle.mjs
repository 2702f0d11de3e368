// Bundles the page side. Every file but the two entries carries a hash of its content, so that it can be cached for ever.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
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

/** Returns `[name, contents]` of every file of dist/. */
export async function bundle({ glue, wasm }) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const wasmName = `engine-${shortHash(wasm)}.wasm`;
  const ofThisVersion = { VERSION: JSON.stringify(version) };
  const lazy = await bundleLazyViews();
  const lazyFiles = Object.fromEntries(lazy.map(({ name, file }) => [name, file]));
  const engine = await bundleScript("engine.ts", { format: "esm", alias: { glue }, define: { LAZY_FILES: JSON.stringify(lazyFiles), ...ofThisVersion } });
  const engineName = `engine-${shortHash(engine)}.js`;
  const define = {
    ENGINE_FILE: JSON.stringify(engineName),
    WASM_FILE: JSON.stringify(wasmName),
    WASM_INTEGRITY: JSON.stringify(`sha384-${createHash("sha384").update(wasm).digest("base64")}`),
    ...ofThisVersion,
  };
  return [
    ["guest-messenger.js", await bundleScript("loader.ts", { format: "iife", define })],
    ["guest-messenger.mjs", await bundleScript("module.ts", { format: "esm", define })],
    [engineName, engine],
    [wasmName, wasm],
    ...lazy.map(({ file, contents }) => [file, contents]),
  ];
}

function bundleLazyViews() {
  return Promise.all(
    lazyViewNames().map(async (name) => {
      const contents = await bundleScript(`lazy/${name}.ts`, { format: "esm" });
      return { name, file: `${name}-${shortHash(contents)}.js`, contents };
    }),
  );
}

async function bundleScript(name, options) {
  const { outputFiles } = await esbuild.build({ ...shared, ...options, entryPoints: [source(name)], plugins: [stylesAsText] });
  return outputFiles[0].contents;
}

function shortHash(contents) {
  return createHash("sha256").update(contents).digest("hex").slice(0, 12);
}
