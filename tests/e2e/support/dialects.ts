// Pages that chat by the conversations API, in each of its dialects.
import type { Page } from "@playwright/test";
import { Calls } from "./calls.ts";
import type { Json } from "./control.ts";
import type { StandIn } from "./stand-in.ts";
import type { Website } from "./website.ts";

export interface Site {
  page: Page;
  calls: Calls;
}

/** How a page embeds the messenger: by script tag with these attributes, or by mount() with the page's own tokens. */
export interface Dialect {
  name: string;
  attributes?: Record<string, string>;
  options?: Json;
  /** The page has opened the conversation itself. */
  opens?: boolean;
}

export const conversations: Dialect = { name: "conversations", attributes: { typing: "conversations", receipts: "conversations" } };
export const participants: Dialect = { name: "participants", options: { typing: "participants", receipts: "participants", send: "participants" } };
export const webchat: Dialect = { name: "webchat", options: { typing: "webchat", receipts: "conversations" }, opens: true };

/** The site's page in this dialect, with the messenger mounted and closed. */
export async function visit(page: Page, website: Website, standIn: StandIn, { attributes, options, opens }: Dialect): Promise<Calls> {
  const calls = Calls.watch(page);
  if (attributes) {
    await page.goto(website.publish({ attributes: { "deployment-id": undefined, api: "conversations", ...attributes } }));
    return calls;
  }
  await page.goto(website.publish({ script: "" }));
  await mount(page, website, standIn, options, opens ? await open(standIn) : {});
  return calls;
}

/** Mounts the messenger on a page that has none, with a token provider. `window.site` tells what became of it. */
export async function mount(page: Page, website: Website, standIn: StandIn, options: Json = {}, conversation: Json = {}): Promise<void> {
  await page.evaluate(
    async ([module, endpoint, options, conversation]) => {
      const site: any = ((window as any).site = { asked: 0, tokens: [], guestId: conversation["participantId"], isServerDown: false });
      const token = async () => {
        site.asked++;
        if (site.isServerDown) throw new Error("The site's server is down.");
        const body = JSON.stringify(site.guestId ? { guestId: site.guestId } : {});
        const answer = await fetch(`${endpoint}/sandbox/token`, { method: "POST", headers: { "content-type": "application/json" }, body });
        const given = await answer.json();
        site.guestId = given.guestId;
        site.tokens.push(given.token);
        return given;
      };
      const { mount } = await import(module);
      site.messenger = await mount({ api: "conversations", endpoint, token, ...options, ...conversation });
    },
    [`${website.url}/dist/guest-messenger.mjs`, standIn.url, options, conversation] as const,
  );
}

/** What a site's server does: opens a conversation. */
export async function open(standIn: StandIn): Promise<{ conversationId: string; participantId: string; sessionId: string }> {
  const headers = { "content-type": "application/json", "x-genesys-request-id": crypto.randomUUID() };
  const answer = await fetch(`${standIn.url}/api/v2/conversations/messaging`, { method: "POST", headers, body: "{}" });
  const { id, guestId, sessionId } = (await answer.json()) as Record<string, string>;
  return { conversationId: id!, participantId: guestId!, sessionId: sessionId! };
}

/** How often the page's token provider has been called. */
export const asked = (page: Page): Promise<number> => page.evaluate(() => (window as any).site.asked);
