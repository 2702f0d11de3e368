import { regionDomain } from "./regions.ts";
import type { Options } from "./types.ts";

type Auth = NonNullable<Options["auth"]>;

/** What Rust gets: every field is there. */
export interface EngineOptions {
  deploymentId: string;
  /** The region's domain, such as "mypurecloud.ie"; empty when `endpoint` is set. */
  domain: string;
  /** An absolute http, https, ws or wss address without a slash at its end; empty when unset. */
  endpoint: string;
  api: string;
  typing: string;
  receipts: string;
  remember: boolean;
  /** A language tag; empty when unset. */
  locale: string;
  open: boolean;
}

/** What the page side itself uses. */
export interface Appearance {
  /** "#rgb" or "#rrggbb"; empty for the default. */
  primaryColor: string;
  position: string;
  colorScheme: string;
  auth: Auth | undefined;
}

export type ReadOptions = EngineOptions & Appearance;

/** A mistake in the page's options. Its sentence is in explain.ts, which is loaded only when there is one. */
export class Misuse {
  readonly kind: "options" | "unknown" | "wrong" | "missing" | "mounted";
  /** The option's name. */
  readonly name: string;
  readonly fromTag: boolean;

  constructor(kind: Misuse["kind"], name = "", fromTag = false) {
    this.kind = kind;
    this.name = name;
    this.fromTag = fromTag;
  }
}

/** The shape of a text, or a reader whose undefined means that the value is wrong. */
type Rule = RegExp | ((value: unknown, base: string, fromTag: boolean) => unknown);

const rules: Record<keyof Options, Rule> = {
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
  auth: (value) => (typeof value === "function" ? value : undefined),
};

const defaults: Omit<ReadOptions, "deploymentId"> = {
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

/** `base` is the page's address, which a relative endpoint starts from. Throws a `Misuse`. */
export function readOptions(source: unknown, base: string): ReadOptions {
  if (typeof source !== "object" || source === null) throw new Misuse("options");
  return read(source, base, false, (misuse) => {
    throw misuse;
  });
}

/**
 * Reads the `data-` attributes of the script tag. An attribute that is no option goes to `report` and is passed over:
 * other tools mark script tags too. Throws a `Misuse`.
 */
export function readAttributes(dataset: DOMStringMap, base: string, report: (misuse: Misuse) => void): ReadOptions {
  return read(dataset, base, true, report);
}

function read(source: object, base: string, fromTag: boolean, report: (misuse: Misuse) => void): ReadOptions {
  const values: Record<string, unknown> = { ...defaults };
  // Own properties only: what a page has added to Object.prototype is no option.
  for (const [name, given] of Object.entries(source)) {
    if (given === undefined) continue;
    if (!Object.hasOwn(rules, name)) {
      report(new Misuse("unknown", name, fromTag));
      continue;
    }
    const rule = rules[name as keyof Options];
    const value = rule instanceof RegExp ? readText(given, rule) : rule(given, base, fromTag);
    if (value === undefined) throw new Misuse("wrong", name, fromTag);
    values[name === "environment" ? "domain" : name] = value;
  }
  if (!values["deploymentId"]) throw new Misuse("missing", "deploymentId", fromTag);
  if (values["endpoint"]) values["domain"] = "";
  return values as unknown as ReadOptions;
}

function readText(value: unknown, shape: RegExp): string | undefined {
  return typeof value === "string" && shape.test(value) ? value : undefined;
}

/** In a tag it is a text; as HTML has it, an attribute that is there without a value means true. */
function readFlag(value: unknown, _base: string, fromTag: boolean): boolean | undefined {
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
