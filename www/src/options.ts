import { ChatError } from "./errors.ts";
import { regionDomain } from "./regions.ts";
import type { Options } from "./types.ts";

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
  locale: string;
  open: boolean;
}

/** What the page side itself uses. */
export interface Appearance {
  /** "#rgb" or "#rrggbb"; empty for the default. */
  primaryColor: string;
  position: string;
  colorScheme: string;
}

export type ReadOptions = EngineOptions & Appearance;

/** What the value must be, for people; how to read it (undefined: wrong); what it is when unset. */
type Rule = [expected: string, read: (value: unknown, base: string) => unknown, unset: unknown];

const pattern = (expected: string, shape: RegExp): Rule => [
  expected,
  (value) => (typeof value === "string" && shape.test(value) ? value : undefined),
  "",
];

/** The first choice is the default. */
const choice = (...choices: string[]): Rule => [
  choices.map((text) => `"${text}"`).join(" or "),
  (value) => choices.find((text) => text === value),
  choices[0],
];

const flag: Rule = ["true or false", (value) => (typeof value === "boolean" ? value : undefined), false];

const rules: Record<keyof Options, Rule> = {
  deploymentId: pattern("the deployment's id, 1 to 128 letters, digits and hyphens", /^[A-Za-z0-9-]{1,128}$/),
  environment: [
    'a region such as "prod", "euw1" or "mypurecloud.ie"',
    (value) => (typeof value === "string" ? regionDomain(value) : undefined),
    regionDomain("prod"),
  ],
  endpoint: ["an http, https, ws or wss address without a query", readEndpoint, ""],
  api: choice("guest"),
  typing: choice("socket"),
  receipts: choice("auto", "local", "socket"),
  remember: flag,
  open: flag,
  locale: pattern('a language tag such as "en" or "pt-BR"', /^[a-z]{2,8}(-[a-z\d]{1,8})*$/i),
  primaryColor: pattern('a colour such as "#0b7285"', /^#([\da-f]{3}|[\da-f]{6})$/i),
  position: choice("auto", "left", "right"),
  colorScheme: choice("auto", "light", "dark"),
};

/** `base` is the page's address, which a relative endpoint starts from. Throws a `ChatError` that names the option and the fix. */
export function readOptions(source: unknown, base: string): ReadOptions {
  if (typeof source !== "object" || source === null) throw misuse("The options must be an object with a deploymentId.");
  const given = new Map(Object.entries(source));
  for (const name of given.keys()) if (!isOption(name)) throw unknownOption(name);
  return read(given, (name) => name, base);
}

/**
 * Reads the `data-` attributes of the script tag. An attribute that is no option goes to `report` and is passed over:
 * other tools mark script tags too.
 */
export function readAttributes(dataset: DOMStringMap, base: string, report: (error: ChatError) => void): ReadOptions {
  const given = new Map<string, unknown>();
  for (const [name, text] of Object.entries(dataset)) {
    if (!isOption(name)) report(unknownOption(name, attribute));
    else given.set(name, rules[name] === flag ? readFlag(text) : text);
  }
  return read(given, attribute, base);
}

function read(given: Map<string, unknown>, label: (name: string) => string, base: string): ReadOptions {
  const values: Record<string, unknown> = {};
  for (const [name, [expected, readValue, unset]] of Object.entries(rules)) {
    const value = given.get(name);
    values[name] = value === undefined ? unset : readValue(value, base);
    if (values[name] === undefined) throw misuse(`The option ${label(name)} must be ${expected}.`);
  }
  if (values["deploymentId"] === "") {
    throw misuse(`The option ${label("deploymentId")} is missing: set it to ${rules.deploymentId[0]}.`);
  }
  const { environment, ...rest } = values;
  return { ...rest, domain: values["endpoint"] ? "" : environment } as ReadOptions;
}

function readEndpoint(value: unknown, base: string): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  try {
    const { protocol, host, pathname, search, hash, username, password } = new URL(value, base);
    if (!/^(http|ws)s?:$/.test(protocol) || search || hash || username || password) return undefined;
    return `${protocol}//${host}${pathname.replace(/\/+$/, "")}`;
  } catch {
    return undefined;
  }
}

/** As HTML has it, an attribute that is there without a value means true. */
function readFlag(text: unknown): unknown {
  return text === "" || text === "true" ? true : text === "false" ? false : text;
}

function isOption(name: string): name is keyof Options {
  return Object.hasOwn(rules, name);
}

function unknownOption(name: string, label = (known: string) => known): ChatError {
  const bare = (text: string) => text.replace(/[-_]/g, "").toLowerCase();
  const meant = Object.keys(rules).find((known) => bare(known) === bare(name));
  return misuse(`The option ${label(name)} is unknown: ${meant ? `did you mean ${label(meant)}?` : "remove it."}`);
}

const attribute = (name: string): string => `data-${name.replace(/[A-Z]/g, "-$&").toLowerCase()}`;

const misuse = (message: string): ChatError => new ChatError("misuse/option", message);
