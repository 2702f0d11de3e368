// `npm run load -- …`: guests over the widget's own core, natively; with `--browsers N`, the whole widget in N pages.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { Stop, environment, main, mustRun, root } from "../../www/scripts/command.mjs";
import { demoPages, loadBrowsers } from "./browsers.mjs";

const wrongInput = 2;

class WrongInput extends Stop {}

await main(async () => {
  const args = process.argv.slice(2);
  const isInBrowsers = args.some((arg) => /^--browsers(=|$)/.test(arg));
  process.exitCode = await (isInBrowsers ? loadInBrowsers(args) : loadNatively(args));
});

async function loadNatively(args) {
  const packages = ["--package", "guest-messenger-load", "--package", "guest-messenger-sandbox"];
  await mustRun("cargo", ["build", "--quiet", "--profile", "fast", ...packages], "The load tool did not compile: the lines above say why.");
  // The stand-in is beside it.
  const child = spawn("cargo", ["run", "--quiet", "--profile", "fast", "--package", "guest-messenger-load", "--", ...args], { cwd: root, env: environment, stdio: "inherit" });
  return new Promise((resolve) => child.on("error", () => resolve(1)).on("exit", (code) => resolve(code ?? 1)));
}

async function loadInBrowsers(args) {
  try {
    const plan = readPlan(args);
    return (await loadBrowsers(plan)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error;
    console.error(error.message);
    return wrongInput;
  }
}

function readPlan(args) {
  const given = readFlags(args);
  if (!Object.hasOwn(demoPages, given.api)) throw new WrongInput(`--api wants one of ${Object.keys(demoPages).join(", ")}.`);
  return {
    api: given.api,
    browsers: wholeNumber("browsers", given, 1, 100),
    messages: wholeNumber("messages", given, 1, 1_000),
    interval_ms: wholeNumber("interval-ms", given, 1, 3_600_000),
    json: given.json,
  };
}

function readFlags(args) {
  const options = {
    browsers: { type: "string" },
    api: { type: "string", default: "guest" },
    messages: { type: "string", default: "5" },
    "interval-ms": { type: "string", default: "1000" },
    json: { type: "boolean", default: false },
  };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    const [what] = error.message.split(/\.(?:\s|$)/);
    throw new WrongInput(`${what}; with --browsers there are ${Object.keys(options).map((name) => `--${name}`).join(", ")}.`);
  }
}

function wholeNumber(name, given, least, most) {
  const number = Number(given[name]);
  if (!Number.isInteger(number) || number < least || number > most) throw new WrongInput(`--${name} wants a whole number from ${least} to ${most}.`);
  return number;
}
