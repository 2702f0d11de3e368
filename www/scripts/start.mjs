// `npm start [-- --port N]`: the demo shop with the widget, talking to the stand-in, and the agent's desk.
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { Stop, flag, isMain, main, progress } from "./command.mjs";
import { build } from "./build.mjs";
import { buildSandbox, startSandbox } from "./sandbox.mjs";
import { setUpBuild } from "./setup.mjs";

const defaultPort = 8080;

async function start() {
  const port = readPort(process.argv.slice(2));
  await checkPortIsFree(port);
  await setUpBuild();
  await build();
  progress("Building the stand-in platform");
  await buildSandbox();
  process.exitCode = await (await serve(port)).exited;
}

/** Starts the stand-in as it was built, and prints where everything is once it is there. */
export async function serve(port) {
  const sandbox = startSandbox(["--port", String(port), "--demo", "www/demo", "--dist", "dist", "--json"], { stdout: "pipe" });
  const addresses = await Promise.race([firstJsonLine(sandbox.child.stdout), sandbox.exited.then(() => undefined)]);
  if (!addresses) {
    // It has said why.
    return { exited: sandbox.exited.then((code) => code || 1) };
  }
  console.log(`\n  The shop, with the messenger:  ${addresses.url}/`);
  console.log(`  By the conversations API:      ${addresses.url}/demo/conversations.html`);
  console.log(`    as a participant:            ${addresses.url}/demo/participants.html`);
  console.log(`    beside a web chat session:   ${addresses.url}/demo/webchat.html`);
  console.log(`  The agent's desk:              ${addresses.desk}`);
  console.log(`  Every state of the messenger:  ${addresses.url}/gallery`);
  console.log("\n  Ctrl-C stops it.\n");
  return sandbox;
}

function readPort(args) {
  const isGiven = args.some((arg) => /^--port(=|$)/.test(arg));
  const port = isGiven ? (flag("port", args) ?? "") : String(defaultPort);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new Stop("--port takes a number from 0 to 65535 (0 picks a free port): npm start -- --port 8081.");
  }
  return Number(port);
}

/** Said before the build, which may take minutes. */
function checkPortIsFree(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => {
      const reason = error.code === "EADDRINUSE" ? "is already in use" : `cannot be used (${error.code})`;
      reject(new Stop(`Port ${port} ${reason}: choose another one with \`npm start -- --port ${port + 1}\`.`));
    });
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}

/** Keeps reading after that line, so that the stand-in never blocks on a full pipe. */
function firstJsonLine(stream) {
  return new Promise((resolve) => {
    createInterface({ input: stream }).on("line", (line) => {
      if (line.startsWith("{")) resolve(JSON.parse(line));
      else console.log(line);
    });
  });
}

if (isMain(import.meta.url)) await main(start);
