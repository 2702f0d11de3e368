// Builds and starts the stand-in platform alone. Every flag goes to it as it is: `npm run sandbox -- --port 0 --json`.
import { spawn } from "node:child_process";
import { environment, isMain, main, mustRun, root } from "./command.mjs";

const cargoPackage = "guest-messenger-sandbox";

export async function buildSandbox() {
  await mustRun("cargo", ["build", "--quiet", "--package", cargoPackage], "The stand-in did not compile: the lines above say why.");
}

/**
 * Starts the stand-in as a child that ends with this process. `stdout` is "inherit" or "pipe".
 * `cargo run` replaces itself with the program, so signals reach it.
 */
export function startSandbox(flags, { stdout = "inherit" } = {}) {
  const child = spawn("cargo", ["run", "--quiet", "--package", cargoPackage, "--", ...flags], {
    cwd: root,
    env: environment,
    stdio: ["ignore", stdout, "inherit"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  const exited = new Promise((resolve) => {
    child.on("error", () => resolve(1));
    child.on("exit", (code, signal) => resolve(signal ? 0 : (code ?? 1)));
  });
  return { child, exited };
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await buildSandbox();
    process.exitCode = await startSandbox(process.argv.slice(2)).exited;
  });
}
