// Builds the widget to dist/: Rust → wasm-bindgen → wasm-opt → esbuild. Does only what has changed; `--force` does all.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isMain, main, mustRun, progress, root } from "./command.mjs";
import { fitGlue } from "./glue.mjs";
import { leanBuild } from "./lean.mjs";
import { setUpBuild } from "./setup.mjs";
import { constantsOf, numberImports, shortNamesOption, shortenExports } from "./wasm-file.mjs";

const wasmTarget = "wasm32-unknown-unknown";
const pkg = join(root, "pkg");
const dist = join(root, "dist");
const target = join(root, "target");
/** One engine for each API, each by the Cargo feature of that name. */
export const apis = ["guest", "conversations"];

const rustScripts = ["build.mjs", "wasm-file.mjs", "glue.mjs", "glue-helpers.js", "lean.mjs"];
const rustSources = ["Cargo.toml", "Cargo.lock", ".cargo", "src", ...rustScripts.map((name) => `www/scripts/${name}`)];
const pageSources = ["package.json", "package-lock.json", "www/src", "www/styles", "www/locales", "www/scripts/bundle.mjs", "www/scripts/lazy-views.mjs"];

/** Brings dist/ up to date with the sources. */
export async function build({ force = false } = {}) {
  const lean = leanBuild();
  const rust = digest(rustSources) + lean.options.join();
  const wasmChanged = force || !isStamped(pkg, rust);
  if (wasmChanged) {
    await buildEngines(lean);
    stamp(pkg, rust);
  }
  const page = digest(pageSources) + rust;
  if (wasmChanged || !isStamped(dist, page)) {
    await buildPage();
    stamp(dist, page);
  }
}

async function buildEngines(lean) {
  rmSync(pkg, { recursive: true, force: true });
  await mustRun("cargo", ["fetch"], "The Rust packages could not be fetched: the lines above say why.", { capture: true });
  // While one is being optimized the next one compiles.
  const optimizing = [];
  for (const api of apis) {
    await compile(api, lean);
    optimizing.push(optimize(api));
    // It is heard below; until then a failure of it is nobody's.
    optimizing.at(-1).catch(() => undefined);
  }
  await Promise.all(optimizing);
}

async function compile(api, { options, flags, environment }) {
  progress(`Compiling Rust to wasm, for ${api}`);
  await mustRun(
    "cargo",
    [
      // One crate type only: with an rlib beside it, link-time optimization is off, at the price of 6 KB compressed.
      ...["rustc", "--package", "guest-messenger", "--lib", "--crate-type", "cdylib"],
      ...["--no-default-features", "--features", api],
      ...["--release", "--target", wasmTarget],
      ...["--target-dir", target, "--config", rustFlags(flags)],
      ...options,
    ],
    "The Rust code did not compile to wasm: the lines above say why.",
    { env: environment },
  );
  await mustRun(
    "wasm-bindgen",
    [
      ...["--target", "web", "--omit-default-module-path"],
      ...["--remove-name-section", "--remove-producers-section", "--out-dir", join(pkg, api)],
      join(target, wasmTarget, "release", "guest_messenger.wasm"),
    ],
    "wasm-bindgen failed: the lines above say why.",
  );
}

async function optimize(api) {
  progress(`Optimizing the wasm for size, for ${api}`);
  const { glue, wasm } = engine(api);
  // Never --all-features: browsers refuse what it emits. Never -tnh: traps do happen, and are recovered from.
  const output = await mustRun(
    join(root, "node_modules", ".bin", "wasm-opt"),
    [
      // Below 1 KiB lies the far end of the stack: a step that gets there traps anyway.
      "--low-memory-unused",
      // Rebuilding the control flow between two rounds lets the second one see more.
      ...["-Oz", "--flatten", "--rereloop", "-Oz", "-Oz"],
      // Calls of the smallest functions are longer than these.
      "--always-inline-max-function-size=4",
      // Alignments are hints that no engine heeds, and each one differs.
      "--dealign",
      ...["--strip-debug", "--strip-producers", "--strip-target-features", shortNamesOption],
      ...[join(pkg, api, "guest_messenger_bg.wasm"), "-o", wasm],
    ],
    "wasm-opt failed: the lines above say why.",
    { capture: true },
  );
  const names = JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
  const numbered = numberImports(readFileSync(wasm), names.imports);
  writeFileSync(wasm, numbered.wasm);
  const fitted = fitGlue(readFileSync(join(pkg, api, "guest_messenger.js"), "utf8"), numbered.order, constantsOf(numbered.wasm));
  writeFileSync(glue, shortenExports(fitted, names.exports));
}

/** Where the two files of an engine lie. */
function engine(api) {
  return { glue: join(pkg, api, "fitted.js"), wasm: join(pkg, api, "optimized.wasm") };
}

/** What makes loops and branches faster by more code: 0.6 KB less without, compressed. */
const smallFlags = ["-disable-lsr", "-enable-pre=0"].map((flag) => `-Cllvm-args=${flag}`);

/** Without the paths of this machine, of which the same source would be other bytes on another one. */
function rustFlags(more) {
  const registries = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "registry", "src");
  const prefixes = existsSync(registries) ? readdirSync(registries).sort().map((name) => join(registries, name)) : [];
  const flags = [...prefixes, root].map((prefix) => `--remap-path-prefix=${prefix}=`).concat(smallFlags, more);
  return `target.${wasmTarget}.rustflags=${JSON.stringify(flags)}`;
}

async function buildPage() {
  progress("Bundling the page side");
  // Imported late: it needs the npm packages, which set-up may only just have installed.
  const { bundle } = await import("./bundle.mjs");
  const engines = apis.map((api) => [api, { glue: engine(api).glue, wasm: readFileSync(engine(api).wasm) }]);
  const files = await bundle(Object.fromEntries(engines));
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, "locales"), { recursive: true });
  for (const [name, contents] of files) writeFileSync(join(dist, name), contents);
  copyFileSync(join(root, "www/src/types.ts"), join(dist, "types.d.ts"));
}

function digest(paths) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((path) => filesUnder(path))) {
    hash.update(path).update("\0").update(readFileSync(join(root, path))).update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full).sort().flatMap((name) => filesUnder(`${path}/${name}`));
}

function isStamped(directory, value) {
  const path = join(directory, ".stamp");
  return existsSync(path) && readFileSync(path, "utf8") === value;
}

function stamp(directory, value) {
  writeFileSync(join(directory, ".stamp"), value);
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await setUpBuild();
    await build({ force: process.argv.includes("--force") });
    console.log(`dist/ is up to date: ${readdirSync(dist).filter((name) => !name.startsWith(".")).join(", ")}`);
  });
}
