// The gallery's states, one at a time on a page of their own.
import { type Locator, type Page, expect } from "@playwright/test";
import { root } from "./stand-in.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The names of all states, in the gallery's order. */
export const stateNames: string[] = [...readFileSync(join(root, "www/demo/gallery/states.js"), "utf8").matchAll(/^ {2}"?([a-z-]+)"?: \{/gm)].map(([, name]) => name!);

export interface Parameters {
  scheme?: string;
  locale?: string;
  color?: string;
}

export class Gallery {
  readonly page: Page;
  readonly host: Locator;
  readonly panel: Locator;
  readonly #url: string;

  /** `url` is where the stand-in is. */
  constructor(page: Page, url: string) {
    this.page = page;
    this.host = page.locator("guest-messenger");
    this.panel = this.part("panel");
    this.#url = url;
  }

  part(name: string): Locator {
    return this.host.locator(`[part="${name}"]`);
  }

  /** Shows the state, and waits until it has come about. */
  async show(state: string, parameters: Parameters = {}): Promise<void> {
    await this.page.goto(`${this.#url}/demo/gallery/state.html?${new URLSearchParams({ state, ...parameters })}`);
    await expect(this.page.locator("html[data-ready]"), `the state "${state}"`).toBeAttached();
  }
}
