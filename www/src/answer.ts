// What a visitor answers to what a message offers.
import type { LazyContext } from "./lazy.ts";

export interface Chosen {
  /** Of a form; empty elsewhere. */
  question: string;
  text: string;
  payload: string;
}

export interface Answer {
  /** What the visitor is seen to say. */
  text: string;
  /** The name of the form. */
  form: string;
  choices: Chosen[];
}

/** As src/ui/rich.rs reads it. */
export function respond(context: LazyContext, { text, form, choices }: Answer): void {
  const texts = [text, form, ...choices.flatMap(({ question, text, payload }) => [question, text, payload])];
  context.respond(texts.map((text) => text.replaceAll("\0", "")).join("\0"));
}
