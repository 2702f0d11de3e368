// What every script needs to run a program and to stop with a plain sentence.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The top of the repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** Where cargo puts the tools of the project's own versions. */
export const toolsDirectory = join(root, ".tools");

/** The environment of every program: the project's own tools come first. */
export const environment = {
  ...process.env,
  PATH: [join(toolsDirectory, "bin"), process.env.PATH].join(delimiter),
};

/** A failure that one sentence explains to the person at the terminal. */
export class Stop extends Error {}

/** One line that says what a long step is doing; beside the output, which a program may read. */
export function progress(text) {
  console.error(`› ${text}`);
}

/**
 * Runs a program to its end. With `capture`, its output is kept and returned; with `tee`, it is also shown.
 * Never rejects for an exit code; a program that isn't there has code 127.
 */
export function run(command, args, { capture = false, tee = false, env = environment } = {}) {
  return new Promise((resolve) => {
    const keep = capture || tee;
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: keep ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    });
    let output = "";
    const collect = (stream) => (chunk) => {
      output += chunk;
      if (tee) stream.write(chunk);
    };
    child.stdout?.setEncoding("utf8").on("data", collect(process.stdout));
    child.stderr?.setEncoding("utf8").on("data", collect(process.stderr));
    child.on("error", () => resolve({ code: 127, output }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs a program that must succeed; `sentence` says what it means when it doesn't. */
export async function mustRun(command, args, sentence, options) {
  const result = await run(command, args, options);
  if (result.code !== 0) {
    if (options?.capture && result.output) console.error(result.output.trimEnd());
    throw new Stop(sentence);
  }
  return result.output;
}

/** The full path of the first of these programs that is on PATH, or undefined. */
export function findOnPath(...names) {
  for (const name of names) {
    for (const directory of environment.PATH.split(delimiter)) {
      const path = join(directory, name);
      if (directory && isExecutable(path)) return path;
    }
  }
  return undefined;
}

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The value of `--name value` or `--name=value` on the command line, or undefined. */
export function flag(name, args = process.argv.slice(2)) {
  const index = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  if (index < 0) return undefined;
  const [, inline] = args[index].split(/=(.*)/s);
  return inline ?? args[index + 1];
}

/** Whether this file is the one that node was asked to run. */
export function isMain(moduleUrl) {
  return process.argv[1] !== undefined && fileURLToPath(moduleUrl) === process.argv[1];
}

/** Runs a script's body; a `Stop` ends it with its sentence and code 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    console.error(error instanceof Stop ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
