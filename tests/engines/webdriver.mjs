// Speaks WebDriver (W3C, Level 2), as far as it is needed here, to the driver of any browser.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { Stop } from "../../www/scripts/command.mjs";

const startWithin_ms = 30_000;

export class Browser {
  #driver;
  #session;

  /** `program` is the driver: it takes `--port=N`. */
  static async start({ program, capabilities, env }) {
    const port = await freePort();
    const browser = new Browser();
    browser.#driver = spawn(program, [`--port=${port}`], { stdio: "ignore", env: { ...process.env, ...env } });
    browser.#driver.on("error", () => undefined);
    const address = `http://127.0.0.1:${port}/session`;
    const end_ms = Date.now() + startWithin_ms;
    for (;;) {
      const answer = await ask("POST", address, { capabilities: { alwaysMatch: capabilities } }).catch((error) => error);
      if (answer?.sessionId) {
        browser.#session = `${address}/${answer.sessionId}`;
        browser.name = `${answer.capabilities.browserName} ${answer.capabilities.browserVersion}`;
        return browser;
      }
      // The driver does not listen from its first moment on; what it says is an answer.
      if (answer instanceof Stop || Date.now() > end_ms) {
        browser.#driver.kill();
        throw answer instanceof Stop ? answer : new Stop(`${program} did not begin to listen.`);
      }
      await later(50);
    }
  }

  open(url) {
    return this.#ask("POST", "/url", { url });
  }

  reload() {
    return this.#ask("POST", "/refresh", {});
  }

  /** Runs a function in the page. */
  run(task, ...args) {
    return this.#ask("POST", "/execute/sync", { script: `return (${task})(...arguments)`, args });
  }

  /** Presses keys, one after the other, wherever the focus is. */
  type(text) {
    const actions = [...text].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    return this.#ask("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  async picture() {
    return Buffer.from(await this.#ask("GET", "/screenshot"), "base64");
  }

  async end() {
    await ask("DELETE", this.#session).catch(() => undefined);
    this.#driver.kill();
  }

  #ask(method, path, body) {
    return ask(method, this.#session + path, body);
  }
}

export const later = (span_ms) => new Promise((resolve) => setTimeout(resolve, span_ms));

async function ask(method, address, body) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(address, { method, headers, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (value?.error) throw new Stop(`The browser's driver says: ${value.error}: ${value.message}`);
  return value;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
