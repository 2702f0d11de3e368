// The option `enterSends: false`: Enter breaks the line, and with Ctrl or the command key it sends. No view.
import type { LazyContext } from "../lazy.ts";

/** From here on, as long as the messenger is on the page. */
export function show(_host: HTMLElement, _data: unknown, { root }: LazyContext): void {
  const input = root.querySelector("[part=input]");
  input?.setAttribute("enterkeyhint", "enter");
  const keep = (event: Event) => {
    const { key, ctrlKey, metaKey } = event as KeyboardEvent;
    if (key === "Enter" && !ctrlKey && !metaKey && event.target === input) event.stopPropagation();
  };
  root.addEventListener("keydown", keep, { capture: true });
}
