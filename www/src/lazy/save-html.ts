import type { LazyContext } from "../lazy.ts";
import { save } from "../transcript-file.ts";

export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  save(host, data, context, { view: "save-html", extension: "html", type: "text/html", write: (file) => file.asHtml() });
}
