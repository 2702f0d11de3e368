// Brings a fresh machine to the point where the project builds and tests. Quick when there is nothing to do.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stop, findOnPath, isExecutable, isMain, main, mustRun, progress, root, run, toolsDirectory } from "./command.mjs";
import { hasStandardSource } from "./lean.mjs";

const wasmTarget = "wasm32-unknown-unknown";
const wasmPackVersion = "0.15.1";
const oldestNode = 20;
const oldestRust = [1, 95];

/** What a build needs: Rust with the wasm target, wasm-bindgen of the locked version, the npm packages. */
export async function setUpBuild() {
  checkNode();
  await checkRust();
  await addWasmTarget();
  await addStandardSource();
  await installCargoTool("wasm-bindgen", "wasm-bindgen-cli", wasmBindgenVersion());
  await installPackages();
}

/**
 * What the tests need besides: wasm-pack, a Chrome and its driver. Returns the two paths.
 * `CHROME` and `CHROMEDRIVER` name one's own.
 */
export async function setUpTests() {
  await setUpBuild();
  await installCargoTool("wasm-pack", "wasm-pack", wasmPackVersion);
  return findBrowser();
}

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < oldestNode) {
    throw new Stop(`Node ${process.versions.node} is too old: install Node ${oldestNode} or newer.`);
  }
}

async function checkRust() {
  const { code, output } = await run("cargo", ["--version"], { capture: true });
  if (code !== 0) throw new Stop("Rust is missing: install it with rustup (https://rustup.rs), then run this again.");
  const [major, minor] = /(\d+)\.(\d+)/.exec(output)?.slice(1).map(Number) ?? [0, 0];
  if (major < oldestRust[0] || (major === oldestRust[0] && minor < oldestRust[1])) {
    throw new Stop(`Rust ${major}.${minor} is too old: run \`rustup update stable\` to get ${oldestRust.join(".")} or newer.`);
  }
}

async function addWasmTarget() {
  const { code, output } = await run("rustc", ["--print", "target-libdir", "--target", wasmTarget], { capture: true });
  if (code === 0 && existsSync(output.trim())) return;
  if (!findOnPath("rustup")) {
    throw new Stop(`Rust's ${wasmTarget} target is missing: install Rust with rustup, or add the target with your package manager.`);
  }
  progress(`Adding Rust's ${wasmTarget} target`);
  await mustRun("rustup", ["target", "add", wasmTarget], `The ${wasmTarget} target could not be added: run \`rustup target add ${wasmTarget}\`.`);
}

/** The build can do without: see lean.mjs. */
async function addStandardSource() {
  if (hasStandardSource()) return;
  const { code } = await run("rustup", ["component", "add", "rust-src"], { capture: true });
  if (code !== 0) progress("Rust's own source could not be added (`rustup component add rust-src`): the engine gets 5 KB larger");
}

/** The command line tool and the crate must be of the very same version. */
function wasmBindgenVersion() {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const version = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(lock)?.[1];
  if (!version) throw new Stop("Cargo.lock names no wasm-bindgen: the root package has to depend on it.");
  return version;
}

async function installCargoTool(program, crate, version) {
  const path = findOnPath(program);
  if (path) {
    const { output } = await run(path, ["--version"], { capture: true });
    if (output.split(/\s+/).includes(version)) return;
  }
  progress(`Installing ${crate} ${version} to .tools (about three minutes, once)`);
  await mustRun(
    "cargo",
    ["install", "--locked", crate, "--version", version, "--root", toolsDirectory, "--force"],
    `${crate} ${version} could not be installed: the lines above say why; a C compiler and a network are needed.`,
  );
}

async function installPackages() {
  const stamp = join(root, "node_modules", ".lock-stamp");
  const wanted = createHash("sha256").update(readFileSync(join(root, "package-lock.json"))).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  progress("Installing the npm packages");
  await mustRun("npm", ["ci", "--no-audit", "--no-fund"], "The npm packages could not be installed: the lines above say why.");
  writeFileSync(stamp, wanted);
}

async function findBrowser() {
  const found = () => ({
    chrome: process.env.CHROME || findOnPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    chromedriver: process.env.CHROMEDRIVER || findOnPath("chromedriver"),
  });
  let browser = found();
  if ((!browser.chrome || !browser.chromedriver) && process.getuid?.() === 0 && findOnPath("apt-get")) {
    progress("Installing Chromium and its driver with apt-get (no Chrome was found)");
    await mustRun("apt-get", ["update", "-q"], "apt-get could not refresh its lists: install chromium and chromium-driver by hand.");
    await mustRun(
      "apt-get",
      ["install", "-y", "-q", "--no-install-recommends", "chromium", "chromium-driver"],
      "apt-get could not install chromium and chromium-driver: install them by hand.",
    );
    browser = found();
  }
  if (!browser.chrome) {
    throw new Stop("No Chrome was found: install Chrome or Chromium, or set CHROME to its path.");
  }
  if (!browser.chromedriver) {
    throw new Stop("No chromedriver was found: install the one of your Chrome's version, or set CHROMEDRIVER to its path.");
  }
  for (const [variable, path] of [["CHROME", browser.chrome], ["CHROMEDRIVER", browser.chromedriver]]) {
    if (!isExecutable(path)) throw new Stop(`${variable} names ${path}, which is not a program.`);
  }
  return browser;
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const browser = await setUpTests();
    console.log(`Ready. Chrome: ${browser.chrome}; driver: ${browser.chromedriver}.`);
  });
}
