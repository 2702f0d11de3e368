// Runs one of the project's scripts as a person does.
import { spawn } from "node:child_process";
import { root } from "../../www/scripts/command.mjs";

/** What goes on when it should have ended. */
const endsWithin_ms = 120_000;

/** To its end. */
export function runScript(path, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path, ...args], { cwd: root, timeout: endsWithin_ms });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (chunk) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk) => (stderr += chunk));
    child.on("error", reject).on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** What is said is one line, and nothing else was begun. */
export function isOneSentence({ stdout, stderr }) {
  return stdout === "" && /^[^\n]+\.$/.test(stderr.trim());
}
