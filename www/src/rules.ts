// The options that few pages use, what goes together, and what is wrong. Loaded only when options.ts is not enough.
// What options.ts has already comes from there with the call: a copy of it would be a third of this script.
import type { Mistake, Misuse } from "./explain.ts";
import type { ConversationsOptions, ReadOptions, Rule, Shared } from "./options.ts";
import type { Options } from "./types.ts";

const attributesMax_bytes = 2_048;
const id = /^[^\s\p{C}]{1,128}$/u;

const rulesWith = ({ plainRules, regionDomain, readFlag, readFunction }: Shared): Record<keyof Options, Rule> => ({
  ...(plainRules as Record<keyof Options, Rule>),
  environment: (value) => regionDomain(String(value)) ?? providersRegionDomain(String(value), regionDomain),
  api: /^(guest|conversations)$/,
  typing: /^(socket|participants|conversations|webchat)$/,
  receipts: /^(auto|local|socket|participants|conversations)$/,
  conversationId: id,
  participantId: id,
  sessionId: id,
  token: readFunction,
  send: /^(messages|participants)$/,
  contentPolicy: (value) => readList(value, /\S/),
  attachmentTypes: (value) => readList(value, /^[\w.+-]+\/[\w.+-]+$/),
  webhooks: readWebhooks,
  enterSends: readFlag,
  preview: readFlag,
  titleFlash: readFlag,
  customAttributes: readAttributes,
});

type Name = keyof Options;
type Given = Partial<Record<Name, unknown>>;

/** What of the conversations API only. */
const conversationsOnly: readonly Name[] = ["conversationId", "participantId", "sessionId", "token", "send", "contentPolicy", "attachmentTypes", "webhooks"];

/**
 * Options that are wrong together; explain.ts says what to do.
 * A tag's attribute that is no option is passed over, because other tools mark script tags too; one that does not fit is not.
 */
const conflicts: [one: Name, other: Name, is: (given: Given) => boolean][] = [
  ["typing", "api", ({ api, typing }) => (api === "guest") !== (typing === "socket")],
  ["receipts", "api", ({ api, receipts }) => (api === "guest" ? /^[pc]/ : /^s/).test(String(receipts))],
  ...conversationsOnly.map((name): (typeof conflicts)[number] => [name, "api", (given) => given.api === "guest" && given[name] !== undefined]),
  ["customAttributes", "api", ({ api, customAttributes }) => api !== "guest" && customAttributes !== undefined],
  ["auth", "api", ({ api, auth }) => api !== "guest" && auth !== undefined],
  ["typing", "sessionId", ({ typing, sessionId }) => typing === "webchat" && sessionId === undefined],
  ["sessionId", "typing", ({ typing, sessionId }) => typing !== "webchat" && sessionId !== undefined],
  ["conversationId", "token", ({ conversationId, token }) => conversationId !== undefined && token === undefined],
  ["participantId", "conversationId", ({ participantId, conversationId, token }) => participantId !== undefined && (conversationId === undefined || token === undefined)],
];

/** Reads what `readPlain` could not. Rejects with the first mistake, explained; `report` gets those that are passed over. */
export async function judge(shared: Shared, source: unknown, base: string, fromTag: boolean, report?: (mistake: Mistake) => void): Promise<ReadOptions> {
  try {
    return decide(shared, source, base, fromTag, (misuse) => void explained(misuse).then(report));
  } catch (misuse) {
    throw await explained(misuse as Misuse);
  }
}

/** That there is one on the page already. */
export const mounted = () => explained({ kind: "mounted", name: "" });

/** As `judge` does, with a `Misuse` for each mistake. */
export function decide(shared: Shared, source: unknown, base: string, fromTag: boolean, report: (misuse: Misuse) => void): ReadOptions {
  const rules = rulesWith(shared);
  const mistake = (kind: Misuse["kind"], name = ""): Misuse => ({ kind, name, fromTag });
  if (typeof source !== "object" || source === null) throw mistake("options");
  const secret = findSecret(source);
  if (secret !== undefined) throw mistake("secret", secret);
  const given: Given = {};
  for (const [name, value] of Object.entries(source)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(rules, name)) {
      if (!fromTag) throw mistake("unknown", name);
      report(mistake("unknown", name));
      continue;
    }
    const read = shared.apply(rules[name as Name], value, base, fromTag);
    if (read === undefined) throw mistake("wrong", name);
    given[name as Name] = read;
  }
  return complete(given, mistake, shared.defaults);
}

/** The sentences are a chunk of their own: no page that is right downloads them. */
function explained(misuse: Misuse): Promise<Mistake> {
  return import(new URL(`explain-${EXPLAIN_HASH}.js`, import.meta.url).href).then(
    ({ explain }) => explain(misuse),
    () => ({ code: "misuse/option", message: `The option ${misuse.name} is wrong; why could not be loaded.`, retryable: false }),
  );
}

function complete(given: Given, mistake: (kind: Misuse["kind"], name: string) => Misuse, defaults: Shared["defaults"]): ReadOptions {
  const isGuest = (given.api ??= "guest") === "guest";
  given.typing ??= isGuest ? "socket" : given.sessionId === undefined ? "participants" : "webchat";
  given.receipts ??= "auto";
  const conflict = conflicts.find(([, , is]) => is(given));
  if (conflict) throw { ...mistake("conflict", conflict[0]), other: conflict[1], isGuest };
  // Who has the one dialect for typing has it for receipts; a web chat has none.
  if (!isGuest && given.receipts === "auto") given.receipts = given.typing === "webchat" ? "local" : given.typing;
  const { environment, webhooks, auth, token, deploymentId, customAttributes: attributes, ...rest } = given;
  if (isGuest && !deploymentId) throw mistake("missing", "deploymentId");
  const { analytics = "", crm = "" } = (webhooks ?? {}) as NonNullable<Options["webhooks"]>;
  const ofConversations: ConversationsOptions = {
    ...{ conversationId: "", participantId: "", sessionId: "", send: "messages", contentPolicy: null, attachmentTypes: null },
    ...{ analytics, crm },
  };
  return {
    ...defaults,
    ...(isGuest ? {} : { ...ofConversations, token }),
    ...rest,
    // What is kept in the browser needs a name of its own.
    deploymentId: deploymentId ?? rest.conversationId ?? rest.sessionId ?? "conversations",
    domain: rest.endpoint ? "" : (environment ?? defaults.domain),
    auth,
    ...(attributes === undefined ? {} : { attributes }),
  } as ReadOptions;
}

/** The name of a secret, if there is one, also one level deep. Whatever a page holds, its visitors can read. */
function findSecret(source: object): string | undefined {
  return Object.entries(source)
    .flatMap(([name, value]) => [name, ...(typeof value === "object" && value !== null ? Object.keys(value) : [])])
    .find((name) => /secret$/i.test(name));
}

/** Own text items, each of this shape. */
function readList(value: unknown, shape: RegExp): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = [...value];
  return items.every((item) => typeof item === "string" && shape.test(item)) ? items : undefined;
}

/** All of them as texts, as the platform wants them (guest API reference, section 16), in JSON; in a tag they are that already. */
function readAttributes(value: unknown, _base: string, fromTag: boolean): string | undefined {
  let given = value;
  try {
    if (fromTag) given = JSON.parse(String(value));
  } catch {
    return undefined;
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const all = Object.entries(given);
  if (all.some(([, value]) => !/^(string|number|boolean)$/.test(typeof value))) return undefined;
  const texts = all.map(([name, value]) => [name, String(value)]);
  return new TextEncoder().encode(texts.flat().join("")).length <= attributesMax_bytes ? JSON.stringify(Object.fromEntries(texts)) : undefined;
}

function readWebhooks(value: unknown): object | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const read = Object.entries(value)
    .filter(([, address]) => address !== undefined)
    .map(([name, address]) => [name, /^(analytics|crm)$/.test(name) ? readAddress(address) : undefined]);
  return read.some(([, address]) => address === undefined) ? undefined : Object.fromEntries(read);
}

function readAddress(value: unknown): string | undefined {
  try {
    const { protocol, username, password, href } = new URL(String(value));
    return /^https?:$/.test(protocol) && !username && !password ? href : undefined;
  } catch {
    return undefined;
  }
}

/** The domain of a region by the name that the cloud's provider has for it, such as "us-east-1" and "ap-northeast-2". */
function providersRegionDomain(environment: string, regionDomain: Shared["regionDomain"]): string | undefined {
  const parts = /^([a-z]{2})-(north|south|)(east|west|central|)-(\d)$/.exec(environment.toLowerCase());
  if (!parts) return undefined;
  const [, area, ...rest] = parts;
  const name = `${area}${rest.map((part) => part?.[0] ?? "").join("")}`;
  return regionDomain(name) ?? regionDomain(`fedramp-${name}`);
}
