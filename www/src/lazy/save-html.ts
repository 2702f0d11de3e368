import type { LazyContext } from "../lazy.ts";
import { save } from "../transcript-file.ts";

export function show(_host: HTMLElement, data: unknown, context: LazyContext): void {
  save(data, context, "html", "text/html", (file) => file.asHtml());
}
