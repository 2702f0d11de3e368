// The messenger as a visitor meets it on a page.
import { type FrameLocator, type Locator, type Page, expect } from "@playwright/test";
import { deploymentId } from "./stand-in.ts";
import type { HostPage, Website } from "./website.ts";
import { Wire } from "./wire.ts";

export interface SessionMark {
  v: number;
  token: string;
  expiresAt: number;
  live: boolean;
  open: boolean;
}

export class Widget {
  readonly page: Page;
  readonly wire: Wire;
  readonly host: Locator;
  readonly launcher: Locator;
  readonly badge: Locator;
  readonly panel: Locator;
  readonly transcript: Locator;
  readonly messages: Locator;
  readonly input: Locator;
  readonly banner: Locator;
  readonly typing: Locator;
  readonly ended: Locator;
  readonly startNew: Locator;
  readonly quickReplies: Locator;
  readonly #website: Website;

  /** `within` is the frame that the messenger is in, when that is not the page itself. */
  constructor(page: Page, website: Website, within: Page | FrameLocator = page) {
    this.page = page;
    this.wire = Wire.watch(page);
    this.host = within.locator("guest-messenger");
    this.launcher = this.part("launcher");
    this.badge = this.part("badge");
    this.panel = this.part("panel");
    this.transcript = this.part("transcript");
    this.messages = this.part("message");
    this.input = this.part("input");
    this.banner = this.part("banner");
    this.typing = this.part("typing");
    this.ended = this.part("ended");
    this.startNew = this.part("start-new");
    this.quickReplies = this.part("quick-reply");
    this.#website = website;
  }

  part(name: string): Locator {
    return this.host.locator(`[part="${name}"]`);
  }

  /** Goes to a website that embeds the messenger. */
  async visit(page: HostPage = {}): Promise<void> {
    await this.page.goto(this.#website.publish(page));
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await expect(this.panel).toBeVisible();
  }

  async close(): Promise<void> {
    await this.part("close").click();
    await expect(this.panel).toBeHidden();
  }

  /** Writes and presses Enter. */
  async send(text: string): Promise<void> {
    await this.input.fill(text);
    await this.input.press("Enter");
  }

  /** Visits, opens, writes, and waits until the platform has it. */
  async chat(text: string, page?: HostPage): Promise<void> {
    await this.visit(page);
    await this.open();
    await this.send(text);
    await this.expectDelivered(text);
  }

  /** Away from what is being filled in, which would stay where it is, to where new messages come in. */
  async goToNewest(): Promise<void> {
    await this.input.focus();
    await this.transcript.evaluate((transcript) => (transcript.scrollTop = transcript.scrollHeight));
  }

  /** The rows in which this text is. */
  message(text: string): Locator {
    return this.messages.filter({ has: this.page.locator(`[part=bubble]:text-is(${JSON.stringify(text)})`) });
  }

  async expectDelivered(text: string): Promise<void> {
    await expect(this.message(text)).toHaveAttribute("data-delivery", "sent");
  }

  /** The texts of all bubbles, from top to bottom. */
  async expectTexts(texts: string[]): Promise<void> {
    await expect(this.part("bubble")).toHaveText(texts, { useInnerText: true });
  }

  async openMenu(): Promise<void> {
    await this.part("menu-button").click();
    await expect(this.part("menu")).toBeVisible();
  }

  /** Opens the menu and chooses what has this name. */
  async choose(name: string): Promise<void> {
    await this.openMenu();
    await this.host.getByRole("menu").getByText(name, { exact: true }).click();
  }

  async clear(): Promise<void> {
    await this.choose("Clear conversation");
    await this.part("confirm-yes").click();
  }

  /** What the messenger keeps in the browser, or null. */
  async mark(area: "sessionStorage" | "localStorage" = "sessionStorage"): Promise<SessionMark | null> {
    const key = `guest-messenger:${deploymentId}`;
    const text = await this.page.evaluate(([area, key]) => window[area].getItem(key), [area, key] as const);
    return text === null ? null : JSON.parse(text);
  }

  /** Every text that the banner shows from now on. */
  async watchBanner(): Promise<() => Promise<string[]>> {
    await this.banner.evaluate((banner) => {
      const shown: string[] = ((window as any)[Symbol.for("banner")] = []);
      new MutationObserver(() => shown.push(banner.textContent ?? "")).observe(banner, { childList: true, characterData: true, subtree: true });
    });
    return () => this.page.evaluate(() => (window as any)[Symbol.for("banner")].filter(Boolean));
  }

  /** Collects the details of an event, from now on. Call it before the event can happen, after `visit`. */
  async listen(name: string): Promise<() => Promise<Record<string, unknown>[]>> {
    const list = `heard-${name}`;
    await this.host.evaluate(
      (host, [name, list]) => {
        const heard: unknown[] = ((window as any)[Symbol.for(list)] = []);
        host.addEventListener(name, (event) => heard.push((event as CustomEvent).detail));
      },
      [name, list] as const,
    );
    return () => this.page.evaluate((list) => (window as any)[Symbol.for(list)], list);
  }
}
