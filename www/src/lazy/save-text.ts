import type { LazyContext } from "../lazy.ts";
import { save } from "../transcript-file.ts";

export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  // The mark at the beginning tells old editors that it is UTF-8.
  save(host, data, context, { view: "save-text", extension: "txt", type: "text/plain", write: (file) => `\ufeff${file.asText()}` });
}
