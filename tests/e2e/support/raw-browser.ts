// A browser driven by its own protocol alone: Playwright makes every page believe that it is visible and focused.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { browserArguments, chromePath } from "./chrome.ts";

interface Answer {
  id?: number;
  result?: any;
  error?: { message: string };
}

export class RawBrowser {
  readonly #directory = mkdtempSync(join(tmpdir(), "guest-messenger-chrome-"));
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { done: (result: any) => void; failed: (error: Error) => void }>();
  #last = 0;

  constructor() {
    const flags = ["--headless=new", "--remote-debugging-pipe", `--user-data-dir=${this.#directory}`, ...browserArguments, "about:blank"];
    this.#child = spawn(chromePath(), flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    let rest = "";
    (this.#child.stdio[4] as Readable).setEncoding("utf8").on("data", (chunk: string) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop()!;
      for (const message of messages) this.#receive(JSON.parse(message));
    });
  }

  async newPage(address: string): Promise<RawPage> {
    const { targetId } = await this.send("Target.createTarget", { url: address });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    return new RawPage(this, targetId, sessionId);
  }

  send(method: string, params: object = {}, sessionId?: string): Promise<any> {
    const id = ++this.#last;
    (this.#child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((done, failed) => this.#waiting.set(id, { done, failed }));
  }

  async close(): Promise<void> {
    // It may be gone before it has answered, and one that hangs is ended.
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    const lastResort = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    void this.send("Browser.close").catch(() => undefined);
    if (this.#child.exitCode === null && this.#child.signalCode === null) await gone;
    clearTimeout(lastResort);
    // Its processes may still be writing there.
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 10 });
  }

  #receive({ id, result, error }: Answer): void {
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id!);
    if (error) waiting.failed(new Error(error.message));
    else waiting.done(result);
  }
}

export class RawPage {
  readonly #browser: RawBrowser;
  readonly #targetId: string;
  readonly #sessionId: string;

  constructor(browser: RawBrowser, targetId: string, sessionId: string) {
    this.#browser = browser;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
  }

  /** Brings it to the front; the page that was there is hidden. */
  async activate(): Promise<void> {
    await this.#browser.send("Target.activateTarget", { targetId: this.#targetId });
  }

  /** Stops all of its work, as the browser does with pages that are hidden for long, or goes on with it. */
  async setLifecycle(state: "frozen" | "active"): Promise<void> {
    await this.#browser.send("Page.setWebLifecycleState", { state }, this.#sessionId);
  }

  /** The value of an expression, awaited. */
  async evaluate(expression: string): Promise<any> {
    const { result, exceptionDetails } = await this.#browser.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, this.#sessionId);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }
}
