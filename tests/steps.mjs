// The steps of `npm test`, in order. Each returns how many tests passed and failed; a lint counts as one.
// A step with `needs` is there when that path is.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stop, environment, mustRun, root, run } from "../www/scripts/command.mjs";
import { apis, build } from "../www/scripts/build.mjs";
import { buildSandbox } from "../www/scripts/sandbox.mjs";
import { setUpBuild, setUpTests } from "../www/scripts/setup.mjs";
import { size } from "../www/scripts/size.mjs";
import { libtestCounts, nextestCounts, nodeTestCounts, playwrightCounts, sum, withExitCode } from "./counts.mjs";

const wasm = ["--package", "guest-messenger", "--target", "wasm32-unknown-unknown"];
const denyWarnings = ["--", "-D", "warnings"];
const one = { passed: 1, failed: 0 };

export const steps = [
  { name: "setup", heading: "Set-up", run: setUp },
  { name: "format", heading: "Rust format", run: () => check("cargo", ["fmt", "--all", "--check"]) },
  { name: "clippy", heading: "Clippy, native", run: () => check("cargo", ["clippy", "--workspace", "--all-targets", ...denyWarnings]) },
  { name: "clippy-wasm", heading: "Clippy, wasm32", run: clippyWasm },
  { name: "native", heading: "Rust tests, native", run: () => nativeTests() },
  { name: "sim", heading: "Simulation", needs: "tests/sim", run: simulate },
  { name: "load", heading: "Load, briefly", needs: "tests/load", run: loadBriefly },
  { name: "browser", heading: "Rust tests, in a headless browser", needs: "tests/browser", run: browserTests },
  { name: "types", heading: "TypeScript types", run: typecheck },
  { name: "page", heading: "Page side, unit tests", needs: "tests/page", run: pageTests },
  { name: "build", heading: "Build", run: buildWidget },
  { name: "scripts", heading: "Scripts", needs: "tests/scripts", run: scriptTests },
  { name: "e2e", heading: "End to end, in a browser", needs: "tests/e2e", run: (context) => endToEndTests(context) },
  { name: "size", heading: "Size", run: checkSize },
];

/** GUEST_FRAMES and HOSTILE_INPUTS name other corpora than those of tests/vectors. */
export const corpusSteps = [
  { name: "setup", heading: "Set-up", run: setUp },
  { name: "native", heading: "Corpus tests, native", run: () => nativeTests("corpus") },
  ...(mentions("tests/e2e", "@corpus")
    ? [{ name: "e2e", heading: "Corpus tests, in a browser", run: (context) => endToEndTests(context, "@corpus") }]
    : []),
];

async function setUp(context) {
  context.browser = await setUpTests();
  return one;
}

async function check(command, args) {
  const { code } = await run(command, args);
  return code === 0 ? one : { passed: 0, failed: 1, names: [[command, ...args].join(" ")] };
}

async function clippyWasm() {
  const results = [await check("cargo", ["clippy", ...wasm, "--lib", ...denyWarnings])];
  // As they ship: what only the other API uses is dead code there.
  for (const api of apis) results.push(await check("cargo", ["clippy", ...wasm, "--lib", "--no-default-features", "--features", api, ...denyWarnings]));
  const targets = await browserTargets();
  if (targets.length > 0) results.push(await check("cargo", ["clippy", ...wasm, ...targets, ...denyWarnings]));
  return sum(results);
}

/** `--test name` for every test target under tests/browser. */
async function browserTargets() {
  const output = await mustRun("cargo", ["metadata", "--no-deps", "--format-version", "1"], "Cargo.toml could not be read.", { capture: true });
  const metadata = output.slice(output.indexOf("{"));
  const { packages } = JSON.parse(metadata.slice(0, metadata.lastIndexOf("}") + 1));
  return packages
    .flatMap(({ targets }) => targets)
    .filter(({ kind, src_path }) => kind.includes("test") && src_path.startsWith(join(root, "tests", "browser")))
    .flatMap(({ name }) => ["--test", name]);
}

async function nativeTests(filter) {
  const filters = filter ? [filter] : [];
  const { code } = await run("cargo", ["nextest", "--version"], { capture: true });
  if (code !== 0) {
    const all = await run("cargo", ["test", "--workspace", "--no-fail-fast", ...filters], { tee: true });
    return withExitCode(libtestCounts(all.output), all.code);
  }
  const tests = await run("cargo", ["nextest", "run", "--workspace", "--no-fail-fast", ...filters], { tee: true });
  const counts = withExitCode(nextestCounts(tests.output), tests.code);
  if (filter) return counts;
  // nextest leaves out the examples in the documentation.
  const examples = await run("cargo", ["test", "--workspace", "--doc", "--no-fail-fast"], { tee: true });
  const exampleCounts = libtestCounts(examples.output);
  return sum([counts, examples.code === 0 ? exampleCounts : withExitCode(exampleCounts, examples.code)]);
}

/** 2,000 seeds of 1,000 steps, several tabs, the conversations APIs, then planted bugs, a fleet after an outage, and a whole day. */
async function simulate() {
  const results = [];
  for (const part of [[], ["tabs", "--seeds", "200", "--steps", "300"], ["conversations", "--seeds", "500", "--steps", "150"], ["teeth"], ["fleet"], ["soak"]]) {
    results.push(await check("npm", ["run", "--silent", "sim", "--", ...part]));
  }
  return sum(results);
}

/** Three hundred guests on a stand-in, and a hundred by the conversations APIs, without optimization: the tests before this have built it. */
async function loadBriefly() {
  await buildSandbox();
  const load = (plan) => check("cargo", ["run", "--quiet", "--package", "guest-messenger-load", "--", ...plan]);
  const guests = await load(["--guests", "300", "--messages", "3", "--ramp-s", "3"]);
  return sum([guests, await load(["--api", "conversations", "--guests", "100", "--messages", "3", "--ramp-s", "2"])]);
}

async function browserTests(context) {
  context.browser ??= await setUpTests();
  const targets = await browserTargets();
  if (targets.length === 0) throw new Stop("tests/browser is there, but Cargo.toml has no test target in it.");
  const directory = mkdtempSync(join(tmpdir(), "guest-messenger-"));
  try {
    const { code, output } = await run(
      "wasm-pack",
      ["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver", context.browser.chromedriver, "--", ...targets],
      { tee: true, env: { ...environment, WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities(directory) } },
    );
    return withExitCode(libtestCounts(output), code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** webdriver.json, with the visitor's own Chrome when CHROME names one. */
function capabilities(directory) {
  const path = join(root, "webdriver.json");
  if (!process.env.CHROME) return path;
  const wanted = JSON.parse(readFileSync(path, "utf8"));
  wanted["goog:chromeOptions"].binary = process.env.CHROME;
  const own = join(directory, "webdriver.json");
  writeFileSync(own, JSON.stringify(wanted));
  return own;
}

async function typecheck() {
  await setUpBuild();
  return check("npm", ["run", "--silent", "typecheck"]);
}

async function pageTests() {
  await setUpBuild();
  const { code, output } = await run("node", ["tests/page/run.mjs"], { tee: true });
  return withExitCode(nodeTestCounts(output), code);
}

async function scriptTests() {
  await setUpBuild();
  await build();
  await buildSandbox();
  const files = readdirSync(join(root, "tests", "scripts")).filter((name) => name.endsWith(".test.mjs"));
  const { code, output } = await run("node", ["--test", "--test-reporter=spec", ...files.map((name) => join("tests", "scripts", name))], { tee: true });
  return withExitCode(nodeTestCounts(output), code);
}

async function buildWidget() {
  await setUpBuild();
  await build();
  return one;
}

async function endToEndTests(context, grep) {
  context.browser ??= await setUpTests();
  await build();
  await buildSandbox();
  const directory = mkdtempSync(join(tmpdir(), "guest-messenger-"));
  const report = join(directory, "report.json");
  try {
    const { code } = await run(
      join(root, "node_modules", ".bin", "playwright"),
      ["test", "-c", "tests/e2e/playwright.config.ts", "--reporter=list,json", ...(grep ? ["--grep", grep] : [])],
      { env: { ...environment, CHROME: context.browser.chrome, PLAYWRIGHT_JSON_OUTPUT_NAME: report } },
    );
    if (!existsSync(report)) return { passed: 0, failed: 1 };
    return withExitCode(playwrightCounts(readFileSync(report, "utf8")), code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function checkSize() {
  await setUpBuild();
  await build();
  size();
  return one;
}

/** Whether a file in the folder has the text in it. */
function mentions(folder, text) {
  const path = join(root, folder);
  if (!existsSync(path)) return false;
  return readdirSync(path, { recursive: true }).some((name) => name.endsWith(".ts") && readFileSync(join(path, name), "utf8").includes(text));
}
