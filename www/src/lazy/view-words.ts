// No view, but the words that views alone say: fetched with the first view that says so.
// In this script without those of the engine's (www/scripts/bundle.mjs).
import english from "../../locales/en.json";

/** In the language whose words these are, in the order of the English ones. */
export function viewWords(more: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(english).map(([key, word], at) => [key, more[at] ?? word]));
}
