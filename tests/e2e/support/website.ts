// A website of another origin than the platform, which embeds the messenger.
import { readFile } from "node:fs/promises";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { deploymentId, root } from "./stand-in.ts";

export interface HostPage {
  /** The `data-` attributes of the script tag, without the prefix. `undefined` leaves a usual one out. */
  attributes?: Record<string, string | undefined>;
  head?: string;
  body?: string;
  headers?: Record<string, string>;
  /** In place of the script tag. */
  script?: string;
  /** A service worker of the site, which pages find at `/worker.js`. */
  worker?: string;
}

const types: Record<string, string> = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

export class Website {
  #page: HostPage = {};
  readonly #server: Server;
  readonly #platform: () => string;
  /** The paths that browsers asked for, oldest first. */
  readonly requests: string[] = [];

  private constructor(platform: () => string) {
    this.#platform = platform;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** `platform` is the address of the stand-in, which pages get as their endpoint. */
  static async start(platform: () => string): Promise<Website> {
    const website = new Website(platform);
    await new Promise<void>((ready) => website.#server.listen(0, "127.0.0.1", ready));
    return website;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Makes this the site's page. Returns its address. */
  publish(page: HostPage = {}): string {
    this.requests.length = 0;
    this.#page = page;
    return `${this.url}/`;
  }

  /** The address of a page without the messenger. */
  get elsewhere(): string {
    return `${this.url}/elsewhere`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((gone) => this.#server.close(gone));
  }

  scriptTag(attributes: HostPage["attributes"] = {}): string {
    const all = { "deployment-id": deploymentId, endpoint: this.#platform(), ...attributes };
    const written = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : `data-${name}="${value}"`));
    // Absolute, as sites write it: a page's <base> does not lead it astray.
    return `<script src="${this.url}/dist/guest-messenger.js" ${written.join(" ")}></script>`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://site").pathname;
    this.requests.push(path);
    const page = path === "/" ? this.#page : path === "/elsewhere" ? { script: "" } : undefined;
    if (page) return void response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...page.headers }).end(this.#html(page));
    if (path === "/worker.js" && this.#page.worker) return void response.writeHead(200, { "content-type": types[".js"] }).end(this.#page.worker);
    const file = /^\/dist\/[\w./-]+$/.test(path) && !path.includes("..") ? await readFile(join(root, path)).catch(() => undefined) : undefined;
    if (!file) return void response.writeHead(404).end();
    // As a site does whose frames are sandboxed.
    const access = request.headers.origin === "null" ? { "access-control-allow-origin": "null" } : {};
    response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream", ...access }).end(file);
  }

  #html({ attributes, head = "", body = "<p>A page.</p>", script = this.scriptTag(attributes) }: HostPage): string {
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A website</title><link rel="icon" href="data:,">${head}</head>
      <body>${body}${script}</body></html>`;
  }
}
