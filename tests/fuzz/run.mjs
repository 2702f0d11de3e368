// `npm run fuzz -- [--seconds N]`: made-up conversations, steered by coverage. `npm run fuzz -- --frames N`: so many
// mutated frames. RESULTS.md says what came of it.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stop, flag, main, root, run } from "../../www/scripts/command.mjs";

const here = join(root, "tests", "fuzz");
const target = join(root, "target", "fuzz");
const corpus = join(target, "corpus");
const found = join(here, "found");

await main(async () => {
  const frames = flag("frames");
  const { code } = frames === undefined ? await fuzz(wholeNumber("seconds", flag("seconds") ?? "60")) : await mutate(wholeNumber("frames", frames));
  if (code !== 0) throw new Stop("Something did not hold; mend it and keep the input, with a name that says what it shows, in tests/fuzz/found.");
});

async function fuzz(seconds) {
  const { code } = await run("cargo", ["+nightly", "fuzz", "--version"], { capture: true });
  if (code !== 0) {
    throw new Stop("The fuzzer is missing: install it with `rustup toolchain install nightly` and `cargo install cargo-fuzz` (and a C++ compiler).");
  }
  sow();
  const fuzzer = ["+nightly", "fuzz", "run", "--fuzz-dir", here, "--target-dir", target, "--features", "fuzzer", "--sanitizer", "none", "engine", corpus];
  const options = [`-dict=${join(here, "words.dict")}`, `-artifact_prefix=${found}/`, `-max_total_time=${seconds}`, "-max_len=8192", "-timeout=10", "-print_final_stats=1"];
  return run("cargo", [...fuzzer, "--", ...options]);
}

function mutate(count) {
  return run("cargo", ["run", "--release", "--manifest-path", join(here, "Cargo.toml"), "--target-dir", target, "--bin", "frames", "--", count]);
}

/** The scripts of the project, and every frame of the vectors as a script of its own, beside what earlier runs have found. */
function sow() {
  mkdirSync(corpus, { recursive: true });
  for (const folder of [join(here, "seeds"), found]) {
    for (const name of readdirSync(folder)) writeFileSync(join(corpus, name), readFileSync(join(folder, name)));
  }
  const frames = rows("guest-frames.jsonl").filter(({ dir }) => dir === "in");
  for (const { name, frame } of frames) writeFileSync(join(corpus, name), `> under way\n${JSON.stringify(frame)}\n* 1000`);
  const hostile = rows("hostile-inputs.jsonl").filter(({ cat, input }) => cat === "frame" && typeof input === "string");
  for (const { id, input } of hostile) writeFileSync(join(corpus, id), input);
}

function rows(name) {
  const text = readFileSync(join(root, "tests", "vectors", name), "utf8");
  return text.split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
}

function wholeNumber(name, text) {
  if (!/^[1-9]\d*$/.test(text)) throw new Stop(`--${name} wants a whole number.`);
  return text;
}
