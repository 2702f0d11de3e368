// `npm test`: every check there is, one after the other; a failure does not stop the rest.
// `npm test -- --only clippy,e2e` runs some of them; `npm run test:corpus` the corpus tests alone.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Stop, flag, main, progress, root } from "../www/scripts/command.mjs";
import { corpusSteps, steps } from "./steps.mjs";

await main(async () => {
  process.chdir(root);
  useAbsolutePaths("GUEST_FRAMES", "HOSTILE_INPUTS");
  const chosen = choose(process.argv.includes("--corpus") ? corpusSteps : steps);
  const context = {};
  const total = { passed: 0, failed: 0 };
  const lines = [];
  const failures = [];
  for (const step of chosen) {
    console.log(`\n== ${step.heading}`);
    const started_ms = Date.now();
    const { passed, failed, names = [] } = await runStep(step, context);
    total.passed += passed;
    total.failed += failed;
    const line = `${step.name}: ${passed} passed, ${failed} failed (${((Date.now() - started_ms) / 1000).toFixed(1)} s)`;
    lines.push(line);
    if (failed > 0) failures.push(...(names.length > 0 ? names : ["the lines under its heading say why"]).map((name) => `${step.name}: ${name}`));
    progress(line);
  }
  console.log(`\n${lines.map((line) => `  ${line}`).join("\n")}`);
  if (failures.length > 0) console.log(`\nWhat failed:\n${failures.map((name) => `  ${name}`).join("\n")}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode = 1;
});

async function runStep(step, context) {
  try {
    return await step.run(context);
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    return { passed: 0, failed: 1, names: [error.message] };
  }
}

/** The steps that have something to run here, narrowed by `--only`. */
function choose(all) {
  const present = all.filter((step) => !step.needs || existsSync(step.needs));
  const only = flag("only")?.split(",");
  if (!only) return present;
  const unknown = only.find((name) => !present.some((step) => step.name === name));
  if (unknown !== undefined) throw new Stop(`There is no step "${unknown}": the steps are ${present.map((step) => step.name).join(", ")}.`);
  return present.filter((step) => only.includes(step.name));
}

/** The tests run in other folders than the one in which a person typed the path. */
function useAbsolutePaths(...variables) {
  for (const variable of variables) {
    const path = process.env[variable];
    if (path) process.env[variable] = resolve(process.env.INIT_CWD ?? root, path);
  }
}
