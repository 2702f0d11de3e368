// `npm run mutants`: breaks the core in a thousand places, one after the other, and lists what no test noticed.
// What follows `--` goes to cargo-mutants: `npm run mutants -- --in-diff FILE`, `-- --shard 1/8`, `-- --re outbox`.
import { Stop, environment, main, run } from "../www/scripts/command.mjs";

await main(async () => {
  const { code } = await run("cargo", ["mutants", "--version"], { capture: true });
  if (code !== 0) throw new Stop("cargo-mutants is missing: install it with `cargo install cargo-mutants`.");
  // No debug information: a thousand builds are quicker without.
  const env = { ...environment, CARGO_PROFILE_DEV_DEBUG: "0" };
  const mutants = await run("cargo", ["mutants", "--jobs", "2", "--output", "target", ...process.argv.slice(2)], { env });
  process.exitCode = mutants.code;
});
