// The sentences for mistakes in a page's options. Loaded only when there is one to explain.
import type { Options } from "./types.ts";

const expected: Record<keyof Options, string> = {
  deploymentId: "the deployment's id, 1 to 128 letters, digits and hyphens",
  environment: 'a region such as "prod", "euw1", "us-east-1" or "mypurecloud.ie"',
  endpoint: "an http, https, ws or wss address without a query",
  api: '"guest" or "conversations"',
  typing: '"socket", "participants", "conversations" or "webchat"',
  receipts: '"auto", "local", "socket", "participants" or "conversations"',
  conversationId: "an id of 1 to 128 characters without spaces",
  participantId: "an id of 1 to 128 characters without spaces",
  sessionId: "an id of 1 to 128 characters without spaces",
  token: "a function, given to mount(), that answers { token, expiresIn }",
  send: '"messages" or "participants"',
  contentPolicy: "a list of texts, given to mount(), that no message may contain",
  attachmentTypes: 'a list, given to mount(), of MIME types such as "image/png"',
  webhooks: "an object, given to mount(), with the addresses analytics and crm or one of them",
  enterSends: "true or false",
  preview: "true or false",
  titleFlash: "true or false",
  customAttributes: "texts, numbers or truth values by name, 2048 bytes in all; in the tag as JSON",
  remember: "true or false",
  open: "true or false",
  locale: 'a language tag such as "en" or "pt-BR"',
  primaryColor: 'a colour such as "#0b7285"',
  position: '"auto", "left" or "right"',
  colorScheme: '"auto", "light" or "dark"',
  auth: "a function, given to mount(), that tells who is signed in",
};

/** A mistake; its sentence is written here, where it is loaded only when there is one. */
export interface Misuse {
  kind: "options" | "secret" | "unknown" | "wrong" | "missing" | "conflict" | "mounted";
  /** The option's name. */
  name: string;
  fromTag?: boolean;
  /** The other option of a conflict, and whether it is with the Guest API. */
  other?: string;
  isGuest?: boolean;
}

/** Of a `ChatError`: the launcher makes one of it. */
export interface Mistake {
  code: string;
  message: string;
  retryable: boolean;
}

/** Of two options that do not fit together, by their names. */
const fixes: Record<string, string> = {
  "typing sessionId": "a webchat session is told of typing, so it must be named",
  "sessionId typing": 'a session is for typing "webchat" only',
  "conversationId token": "a conversation that is there already needs a token for it",
  "participantId conversationId": "a participant that is there already needs the conversation and a token for it",
};

/** Of one that does not fit the API. */
const guestFixes: Record<string, string> = {
  typing: 'the Guest API has typing "socket" only',
  receipts: 'the Guest API has receipts "auto", "local" and "socket" only',
};

const conversationsFixes: Record<string, string> = {
  typing: 'the api "conversations" has typing "participants", "conversations" and "webchat" only',
  receipts: 'the api "conversations" has receipts "auto", "local", "participants" and "conversations" only',
  customAttributes: 'custom attributes are for the api "guest" only',
  auth: 'signing in is for the api "guest" only; with "conversations" the page hands a token over',
};

/** One sentence that names the option, as it is written in the tag or in the object, and the fix; never a value. */
export function explain(misuse: Misuse): Mistake {
  const code = misuse.kind === "mounted" || misuse.kind === "secret" ? misuse.kind : "option";
  return { code: `misuse/${code}`, message: sentence(misuse), retryable: false };
}

function sentence({ kind, name, fromTag = false, other = "", isGuest = false }: Misuse): string {
  const label = fromTag ? attribute : String;
  const should = expected[name as keyof Options];
  switch (kind) {
    case "options":
      return 'The options must be an object, such as { deploymentId: "…" }.';
    case "secret":
      return `The option ${label(name)} is refused, because every visitor can read what a page holds, and with a client secret act for the whole organization: keep it on a server, and give mount() the option token, a function that fetches a token from there.`;
    case "unknown":
      return `The option ${label(name)} is unknown: the options are ${known(fromTag).map(label).join(", ")}.`;
    case "wrong":
      return `The option ${label(name)} must be ${should}.`;
    case "missing":
      return `The option ${label(name)} is missing: set it to ${should}.`;
    case "conflict":
      return `The options ${label(name)} and ${label(other)} do not fit together: ${fixes[`${name} ${other}`] ?? (isGuest ? guestFixes : conversationsFixes)[name] ?? 'only the api "conversations" has it'}.`;
    case "mounted":
      return "The messenger is on this page already: call destroy() on it before mounting another.";
  }
}

/** A tag cannot carry a function, a list or an object. */
const known = (fromTag: boolean) =>
  Object.entries(expected)
    .filter(([, should]) => !(fromTag && should.includes("given to mount()")))
    .map(([name]) => name);

const attribute = (name: string): string => `data-${name.replace(/[A-Z]/g, "-$&").toLowerCase()}`;
