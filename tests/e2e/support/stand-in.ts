// The stand-in platform as a process that can be killed and brought back.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

export const root = resolve(import.meta.dirname, "../../..");

export const deploymentId = "7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c41d3";

interface Addresses {
  url: string;
  desk: string;
  control: string;
}

/** `SANDBOX` names another program than the one that cargo has built. */
function program(): string {
  const path = process.env["SANDBOX"] ?? join(process.env["CARGO_TARGET_DIR"] ?? join(root, "target"), "debug", "sandbox");
  if (!existsSync(path)) throw new Error(`The stand-in is not built: there is no ${path}. Run: cargo build -p guest-messenger-sandbox.`);
  return path;
}

export class StandIn {
  readonly #directory = mkdtempSync(join(tmpdir(), "guest-messenger-e2e-"));
  #child: ChildProcess | undefined;
  #addresses: Addresses | undefined;

  /** "http://127.0.0.1:PORT", the same after a restart. */
  get url(): string {
    return this.#running.url;
  }

  /** The base of the control API; it changes with every restart. */
  get control(): string {
    return this.#running.control;
  }

  get desk(): string {
    return this.#running.desk;
  }

  /** Starts it, the first time on a free port and then on that one. Conversations outlive a restart. */
  async start(): Promise<void> {
    const port = this.#addresses ? new URL(this.#addresses.url).port : "0";
    const flags = ["--port", port, "--demo", "www/demo", "--dist", "dist", "--state", join(this.#directory, "state"), "--no-bot", "--json"];
    const child = spawn(program(), flags, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    child.once("exit", (code, signal) => {
      if (this.#child === child) console.error(`The stand-in stopped on its own (${signal ?? `code ${code}`}).`);
    });
    this.#addresses = await new Promise<Addresses>((ready, failed) => {
      child.once("error", failed);
      child.once("exit", (code) => failed(new Error(`The stand-in stopped with code ${code}.`)));
      createInterface({ input: child.stdout }).on("line", (line) => line.startsWith("{") && ready(JSON.parse(line)));
    });
  }

  /** Ends it at once, as a power cut does. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  get #running(): Addresses {
    if (!this.#addresses) throw new Error("The stand-in was never started.");
    return this.#addresses;
  }
}
