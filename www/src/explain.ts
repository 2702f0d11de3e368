// The sentences for mistakes in a page's options. Loaded only when there is one to explain.
import { ChatError } from "./errors.ts";
import type { Misuse } from "./options.ts";
import type { Options } from "./types.ts";

const expected: Record<keyof Options, string> = {
  deploymentId: "the deployment's id, 1 to 128 letters, digits and hyphens",
  environment: 'a region such as "prod", "euw1" or "mypurecloud.ie"',
  endpoint: "an http, https, ws or wss address without a query",
  api: '"guest"',
  typing: '"socket"',
  receipts: '"auto", "local" or "socket"',
  remember: "true or false",
  open: "true or false",
  locale: 'a language tag such as "en" or "pt-BR"',
  primaryColor: 'a colour such as "#0b7285"',
  position: '"auto", "left" or "right"',
  colorScheme: '"auto", "light" or "dark"',
  auth: "a function, given to mount(), that tells who is signed in",
};

/** One sentence that names the option, as it is written in the tag or in the object, and the fix. */
export function explain({ kind, name, fromTag }: Misuse): ChatError {
  const label = fromTag ? attribute : String;
  const sentences: Record<Misuse["kind"], () => string> = {
    options: () => 'The options must be an object, such as { deploymentId: "…" }.',
    unknown: () => `The option ${label(name)} is unknown: the options are ${known(fromTag).map(label).join(", ")}.`,
    wrong: () => `The option ${label(name)} must be ${expected[name as keyof Options]}.`,
    missing: () => `The option ${label(name)} is missing: set it to ${expected[name as keyof Options]}.`,
    mounted: () => "The messenger is on this page already: call destroy() on it before mounting another.",
  };
  return new ChatError(kind === "mounted" ? "misuse/mounted" : "misuse/option", sentences[kind]());
}

/** A tag cannot carry a function. */
const known = (fromTag: boolean) => Object.keys(expected).filter((name) => !(fromTag && name === "auth"));

const attribute = (name: string): string => `data-${name.replace(/[A-Z]/g, "-$&").toLowerCase()}`;
