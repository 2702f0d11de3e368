// How the deployment wants the messenger to look: brand colour, corner, launcher, home screen. The page's own options
// come before it.
import { accent, textOn } from "../color.ts";
import { element } from "../dom.ts";
import type { LazyContext } from "../lazy.ts";
import { safeHref } from "../links.ts";
import { adoptOnce } from "../styles.ts";
import css from "../../styles/look.css";

export function show(_host: HTMLElement, data: unknown, context: LazyContext): void {
  const { root, options } = context;
  adoptOnce(root, css);
  const look = new Map(data as [string, string][]);
  const host = root.host as HTMLElement;
  const color = look.get("primaryColor") ?? "";
  if (!options.primaryColor && /^#([\da-f]{3}){1,2}$/i.test(color)) {
    host.style.setProperty("--gm-primary", color);
    host.style.setProperty("--gm-on-primary", textOn(color));
    accent(host, color);
  }
  const position = look.get("position")?.toLowerCase();
  if (options.position === "auto" && (position === "left" || position === "right")) host.dataset["position"] = position;
  // Without one the page opens the panel itself.
  host.dataset["launcher"] = look.get("launcher")?.toLowerCase() ?? "on";
  home(look, context);
}

/** In place of the welcome, while there is no message. */
function home(look: Map<string, string>, { root, locale }: LazyContext): void {
  const welcome = root.querySelector("[part=welcome]");
  const logo = look.get("logo");
  const address = logo && safeHref(logo);
  const title = inLanguage(look, "title", locale);
  const subtitle = inLanguage(look, "subtitle", locale);
  if (!welcome || !(address || title || subtitle)) return;
  welcome.replaceChildren(
    ...(address ? [element("img", { part: "home-logo", src: address, alt: "", referrerpolicy: "no-referrer", decoding: "async" })] : []),
    ...(title ? [element("div", { part: "home-title", dir: "auto" }, title)] : []),
    ...(subtitle ? [element("div", { part: "home-subtitle", dir: "auto" }, subtitle)] : []),
  );
}

/** The label in the visitor's language: of the region, of the language, of any region of it. */
function inLanguage(look: Map<string, string>, name: string, locale: string): string | undefined {
  const tag = locale.toLowerCase();
  const [language] = tag.split("-");
  const labels = [...look].filter(([key]) => key.startsWith(`${name} `)).map(([key, value]) => [key.slice(name.length + 1).toLowerCase(), value] as const);
  const find = (is: (tag: string) => boolean) => labels.find(([tag]) => is(tag))?.[1];
  return find((known) => known === tag) ?? find((known) => known === language) ?? find((known) => known.split("-")[0] === language);
}
