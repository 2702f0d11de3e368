import { regionDomain } from "./regions.ts";
import type { Options } from "./types.ts";

/** What Rust gets: every field is there; with the conversations API also those of `ConversationsOptions`. */
export interface EngineOptions extends Partial<ConversationsOptions> {
  /** With the conversations API the name that things are kept under in the browser. */
  deploymentId: string;
  /** The region's domain, such as "mypurecloud.ie"; empty when `endpoint` is set. */
  domain: string;
  /** An absolute http, https, ws or wss address without a slash at its end; empty when unset. */
  endpoint: string;
  api: "guest" | "conversations";
  typing: string;
  receipts: string;
  remember: boolean;
  /** A language tag; empty when unset. */
  locale: string;
  open: boolean;
}

/** Of the conversations API. Texts are empty and lists null when unset. */
export interface ConversationsOptions {
  conversationId: string;
  participantId: string;
  sessionId: string;
  send: string;
  contentPolicy: readonly string[] | null;
  attachmentTypes: readonly string[] | null;
  /** Addresses. */
  analytics: string;
  crm: string;
}

/** What the page side itself uses. */
export interface Appearance {
  /** "#rgb" or "#rrggbb"; empty for the default. */
  primaryColor: string;
  position: string;
  colorScheme: string;
  auth: Options["auth"];
  token?: Options["token"];
  // Those that rules.ts reads; undefined when unset.
  enterSends?: boolean;
  preview?: boolean;
  titleFlash?: boolean;
  /** The custom ones, as JSON. */
  attributes?: string;
}

export type ReadOptions = EngineOptions & Appearance;

/** The shape of a text, or a reader whose undefined means that the value is wrong. */
export type Rule = RegExp | ((value: unknown, base: string, fromTag: boolean) => unknown);

export const plainRules: Partial<Record<string, Rule>> = {
  deploymentId: /^[A-Za-z0-9-]{1,128}$/,
  environment: (value) => regionDomain(String(value)),
  endpoint: readEndpoint,
  api: /^guest$/,
  typing: /^socket$/,
  receipts: /^(auto|local|socket)$/,
  remember: readFlag,
  open: readFlag,
  locale: /^[a-z]{2,8}(-[a-z\d]{1,8})*$/i,
  primaryColor: /^#([\da-f]{3}){1,2}$/i,
  position: /^(auto|left|right)$/,
  colorScheme: /^(auto|light|dark)$/,
  auth: readFunction,
};

export const defaults: Omit<ReadOptions, "deploymentId"> = {
  domain: "mypurecloud.com",
  endpoint: "",
  api: "guest",
  typing: "socket",
  receipts: "auto",
  remember: false,
  open: false,
  locale: "",
  primaryColor: "",
  position: "auto",
  colorScheme: "auto",
  auth: undefined,
};

/**
 * The options of a page that uses the Guest API and is not mistaken. Of any other, undefined: rules.ts judges it, which
 * is loaded only then. `base` is the page's address, which a relative endpoint starts from.
 */
export function readPlain(source: unknown, base: string, fromTag: boolean): ReadOptions | undefined {
  const values: Record<string, unknown> = { ...defaults };
  // Own properties only: what a page has added to Object.prototype is no option.
  for (const [name, given] of Object.entries(Object(source))) {
    if (given === undefined) continue;
    const value = Object.hasOwn(plainRules, name) ? apply(plainRules[name]!, given, base, fromTag) : undefined;
    if (value === undefined) return undefined;
    values[name === "environment" ? "domain" : name] = value;
  }
  if (values["endpoint"]) values["domain"] = "";
  return values["deploymentId"] ? (values as unknown as ReadOptions) : undefined;
}

export function apply(rule: Rule, value: unknown, base: string, fromTag: boolean): unknown {
  if (!(rule instanceof RegExp)) return rule(value, base, fromTag);
  return typeof value === "string" && rule.test(value) ? value : undefined;
}

export function readFunction(value: unknown): unknown {
  return typeof value === "function" ? value : undefined;
}

/** In a tag it is a text; as HTML has it, an attribute that is there without a value means true. */
export function readFlag(value: unknown, _base: string, fromTag: boolean): boolean | undefined {
  if (!fromTag) return typeof value === "boolean" ? value : undefined;
  return value === "" || value === "true" ? true : value === "false" ? false : undefined;
}

function readEndpoint(value: unknown, base: string): string | undefined {
  try {
    const { protocol, host, pathname, search, hash, username, password } = new URL((value as string) || "bad:", base);
    if (!/^(http|ws)s?:$/.test(protocol) || search || hash || username || password) return undefined;
    return `${protocol}//${host}${pathname.replace(/\/+$/, "")}`;
  } catch {
    return undefined;
  }
}

/** For rules.ts, which is another script. */
export const shared = { regionDomain, plainRules, defaults, apply, readFlag, readFunction };

export type Shared = typeof shared;
