// What holds whatever a page or a platform brings: nothing of it runs, nothing is loaded that nobody declared.
import { type Page, expect } from "@playwright/test";
import type { StandIn } from "./stand-in.ts";
import type { Website } from "./website.ts";
import type { Widget } from "./widget.ts";

const strict = "default-src 'none'; style-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; script-src 'self' 'wasm-unsafe-eval'";

export type Policy = "no policy" | "a strict policy with Trusted Types";

export const policies: readonly Policy[] = ["no policy", "a strict policy with Trusted Types"];

/** The headers of a page under this policy, which allows what README.md says that the messenger needs. */
export function headersOf(policy: Policy, standIn: StandIn): Record<string, string> {
  if (policy === "no policy") return {};
  const socket = standIn.url.replace("http", "ws");
  return { "content-security-policy": `${strict}; connect-src 'self' ${standIn.url} ${socket}; img-src data: https: ${standIn.url}` };
}

/** Watches a page from before its first script on. */
export class Guard {
  readonly #page: Page;
  readonly #origins: Set<string>;
  readonly #requests: string[] = [];

  private constructor(page: Page, origins: string[]) {
    this.#page = page;
    this.#origins = new Set(origins.map((address) => new URL(address).origin));
    page.on("request", (request) => this.#requests.push(request.url()));
  }

  static async watch(page: Page, website: Website, standIn: StandIn): Promise<Guard> {
    const guard = new Guard(page, [website.url, standIn.url]);
    await page.exposeFunction("__told", (what: string) => void guard.#seen.push(what));
    await page.addInitScript(() => {
      const tell = (window as any).__told as (what: string) => void;
      (window as any).__pwn = () => tell("a script of the corpus ran");
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => tell(`${effectiveDirective} ${blockedURI} ${sample}`));
    });
    return guard;
  }

  /** What scripts of the corpus did, and what the page's policy reported. */
  readonly #seen: string[] = [];

  /** `avatars`: pictures of people, which are the deployment's own choice and come from anywhere, by https. */
  async expectClean(avatars: readonly string[] = []): Promise<void> {
    expect(this.#seen).toEqual([]);
    const isDeclared = (address: string) => /^(data|blob):/.test(address) || this.#origins.has(new URL(address).origin) || avatars.includes(address);
    expect(this.#requests.filter((address) => !isDeclared(address)), "requests that nobody declared").toEqual([]);
    expect(this.#origins, "the page is still the site's").toContain(new URL(this.#page.url()).origin);
    const added = await this.#page.evaluate(() => Object.keys(Object.prototype));
    expect(added, "what was put into every object").toEqual([]);
  }
}

/** What no messenger has in it, whatever was said: elements that run or load something, and links that lead elsewhere than to the web. */
export function strangeElements(widget: Widget): Promise<string[]> {
  return widget.host.evaluate((host) => {
    const root = host.shadowRoot!;
    const allowed = /^(https?|mailto|tel):/;
    const links = [...root.querySelectorAll("a")].filter(({ href, rel }) => !allowed.test(href) || !rel.includes("noopener"));
    const elements = [...root.querySelectorAll("script, iframe, object, embed, style, link, base, meta, template, math, [onerror], [onload], [onclick], [style*=url], [srcdoc]")];
    return [...links, ...elements].map(({ outerHTML }) => outerHTML);
  });
}
