// The sentences for mistakes in a page's options. Loaded only when there is one to explain.
import { ChatError } from "./errors.ts";
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
  /** The other option of a conflict, and what there is to know of the two. */
  other?: string;
  fix?: string;
}

/** One sentence that names the option, as it is written in the tag or in the object, and the fix; never a value. */
export function explain(misuse: Misuse): ChatError {
  const code = misuse.kind === "mounted" || misuse.kind === "secret" ? misuse.kind : "option";
  return new ChatError(`misuse/${code}`, sentence(misuse));
}

function sentence({ kind, name, fromTag = false, other = "", fix = "" }: Misuse): string {
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
      return `The options ${label(name)} and ${label(other)} do not fit together: ${fix}.`;
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
