// The engine without the words of its panics, and with a standard library compiled along in the same way: 5 KB less,
// compressed. Which line it was is found by playing a recording back natively. The compiler still calls these options
// unstable, hence the variable. Where Rust's own source is not to be had, the engine is built without them and is larger.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { environment } from "./command.mjs";

/** Whether the source of the standard library is there; `npm run setup` adds it. */
export function hasStandardSource() {
  const { stdout } = spawnSync("rustc", ["--print", "sysroot"], { encoding: "utf8", env: environment });
  return existsSync(join((stdout ?? "").trim(), "lib", "rustlib", "src", "rust", "library", "Cargo.lock"));
}

/** What Cargo, what the compiler and what both get of it. */
export function leanBuild() {
  if (!hasStandardSource()) return { options: [], flags: [], environment };
  return {
    options: ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"],
    flags: ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none", "-Zfmt-debug=none"],
    environment: { ...environment, RUSTC_BOOTSTRAP: "1" },
  };
}
