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
  remember: "true or false",
  open: "true or false",
  locale: 'a language tag such as "en" or "pt-BR"',
  primaryColor: 'a colour such as "#0b7285"',
  position: '"auto", "left" or "right"',
  colorScheme: '"auto", "light" or "dark"',
  auth: "a function, given to mount(), that tells who is signed in",
};

export type Misuse = { fromTag?: boolean } & (
  | { kind: "options" }
  | { kind: "unknown" | "wrong" | "missing"; name: string }
  | { kind: "conflict"; name: string; other: string; fix: string }
);

/** One sentence that names the option, as it is written in the tag or in the object, and the fix. */
export function explain(misuse: Misuse): ChatError {
  return new ChatError("misuse/option", sentence(misuse));
}

/** Never says what the secret is. */
export function refuseSecret(name: string, fromTag: boolean): ChatError {
  const label = fromTag ? attribute(name) : name;
  return new ChatError(
    "misuse/secret",
    `The option ${label} is refused, because every visitor can read what a page holds, and with a client secret act for the whole organization: keep it on a server, and give mount() the option token, a function that fetches a token from there.`,
  );
}

function sentence(misuse: Misuse): string {
  const fromTag = misuse.fromTag ?? false;
  const label = fromTag ? attribute : String;
  if (misuse.kind === "options") return 'The options must be an object, such as { deploymentId: "…" }.';
  const name = label(misuse.name);
  const should = expected[misuse.name as keyof Options];
  switch (misuse.kind) {
    case "unknown":
      return `The option ${name} is unknown: the options are ${known(fromTag).map(label).join(", ")}.`;
    case "wrong":
      return `The option ${name} must be ${should}.`;
    case "missing":
      return `The option ${name} is missing: set it to ${should}.`;
    case "conflict":
      return `The options ${name} and ${label(misuse.other)} do not fit together: ${misuse.fix}.`;
  }
}

/** A tag cannot carry a function, a list or an object. */
const known = (fromTag: boolean) =>
  Object.entries(expected)
    .filter(([, should]) => !(fromTag && should.includes("given to mount()")))
    .map(([name]) => name);

const attribute = (name: string): string => `data-${name.replace(/[A-Z]/g, "-$&").toLowerCase()}`;
