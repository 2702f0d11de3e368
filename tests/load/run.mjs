// `npm run load -- …`: guests over the widget's own core, natively; with `--browsers N`, the whole widget in N pages.
import { spawn } from "node:child_process";
import { Stop, environment, flag, main, mustRun, root } from "../../www/scripts/command.mjs";
import { loadBrowsers } from "./browsers.mjs";

const wrongInput = 2;

class WrongInput extends Stop {}

await main(async () => {
  const args = process.argv.slice(2);
  if (flag("browsers", args) === undefined) process.exitCode = await loadNatively(args);
  else process.exitCode = await loadInBrowsers(args);
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
  const known = ["browsers", "messages", "interval-ms", "json"];
  const unknown = args.find((arg) => arg.startsWith("--") && !known.includes(arg.slice(2).split("=")[0]));
  if (unknown) throw new WrongInput(`With --browsers there is no ${unknown}; there are ${known.map((name) => `--${name}`).join(", ")}.`);
  return {
    browsers: wholeNumber(args, "browsers", 1, 100),
    messages: wholeNumber(args, "messages", 1, 1_000, 5),
    interval_ms: wholeNumber(args, "interval-ms", 1, 3_600_000, 1_000),
    json: args.includes("--json"),
  };
}

function wholeNumber(args, name, least, most, usual) {
  const number = Number(flag(name, args) ?? usual);
  if (!Number.isInteger(number) || number < least || number > most) throw new WrongInput(`--${name} wants a whole number from ${least} to ${most}.`);
  return number;
}
