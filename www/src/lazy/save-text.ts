import type { LazyContext } from "../lazy.ts";
import { save } from "../transcript-file.ts";

export function show(_host: HTMLElement, data: unknown, context: LazyContext): void {
  // The mark at the beginning tells old editors that it is UTF-8.
  save(data, context, "txt", "text/plain", (file) => `\ufeff${file.asText()}`);
}
