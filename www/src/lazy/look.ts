// How the deployment wants the messenger to look: brand colour, font, corner and distance from it, launcher, home screen,
// languages. The page's own options and style sheets come before it.
import { accent, textOn } from "../color.ts";
import { element } from "../dom.ts";
import type { LazyContext } from "../lazy.ts";
import { safeHref } from "../links.ts";
import { type Shape, flag, list, shape, text } from "../shape.ts";
import { adoptOnce } from "../styles.ts";
import css from "../../styles/look.css";

/** Further from its corner than this the launcher would not be found. */
const furthest_px = 400;
/** The platform's own, which nobody has chosen: the launcher stays where it is, since moving it would be seen. */
const unchosen_px: Readonly<Record<string, number>> = { side: 20, bottom: 12 };

/** `data` as src/protocol/guest/deployment.rs writes it. */
export function show(_host: HTMLElement, data: unknown, context: LazyContext): void {
  const { root, options } = context;
  adoptOnce(root, css);
  const look = shape(data);
  const messenger = shape(look["messenger"]);
  const host = root.host as HTMLElement;
  const styles = shape(messenger["styles"]);
  if (!options.primaryColor) paint(host, text(styles, "color"), text(styles, "second"));
  const corner = shape(look["position"]);
  const position = text(corner, "alignment").toLowerCase();
  if (options.position === "auto" && (position === "left" || position === "right")) host.dataset["position"] = position;
  const side = distance(corner, "side");
  const bottom = distance(corner, "bottom");
  host.toggleAttribute("data-spaced", side !== undefined || bottom !== undefined);
  const size = textSize(styles["size"]);
  host.toggleAttribute("data-text-size", size !== undefined);
  presume(root, { "--gm-side": side ?? "20px", "--gm-bottom": bottom ?? "20px", "--gm-font": font(text(styles, "font")), "--gm-text-size": size });
  // Read by the choice of a language.
  const languages = look["languages"];
  if (Array.isArray(languages)) host.dataset["languages"] = languages.join(" ");
  launcher(look, shape(messenger["launcher"]), context);
  home(look, shape(messenger["home"]), context);
}

/** The first colour fills, the second one writes and draws: links, what may be pressed, what has the focus. */
function paint(host: HTMLElement, first: string, second: string): void {
  const isColor = (text: string) => /^#([\da-f]{3}){1,2}$/i.test(text);
  if (isColor(first)) {
    host.style.setProperty("--gm-primary", first);
    host.style.setProperty("--gm-on-primary", textOn(first));
  }
  const drawing = [second, first].find(isColor);
  if (drawing) accent(host, drawing);
}

/** Of pixels, or of a browser's usual letters: smaller ones nobody reads, and larger ones leave no room for a sentence. */
function textSize(size: unknown): string | undefined {
  const [, number, unit] = /^(\d{1,3}(?:\.\d+)?)(px|r?em)?$/.exec(String(size)) ?? [];
  if (!number) return undefined;
  return `${Math.max(12, Math.min(22, Number(number) * (unit?.endsWith("em") ? 16 : 1)))}px`;
}

function distance(corner: Shape, key: string): string | undefined {
  const value = corner[key];
  const isChosen = typeof value === "number" && value !== unchosen_px[key] && value >= 0 && value <= furthest_px;
  return isChosen ? `${value}px` : undefined;
}

/** Names of fonts, and nothing that a style sheet would understand otherwise. */
function font(family: string): string | undefined {
  return /^[\p{L}\d\s,'"-]+$/u.test(family) ? `${family}, system-ui, sans-serif` : undefined;
}

const presumed = new WeakMap<ShadowRoot, CSSStyleSheet>();

/** In a style sheet of the root's own, which gives way to the page's. */
function presume(root: ShadowRoot, values: Readonly<Record<string, string | undefined>>): void {
  let sheet = presumed.get(root);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    presumed.set(root, sheet);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }
  sheet.replaceSync(":host {}");
  const { style } = sheet.cssRules[0] as CSSStyleRule;
  for (const [name, value] of Object.entries(values)) if (value) style.setProperty(name, value);
}

function launcher(look: Shape, { visibility, shows, icon }: Shape, { root, strings, locale }: LazyContext): void {
  const host = root.host as HTMLElement;
  // Without one the page opens the panel itself.
  host.dataset["launcher"] = String(visibility ?? "on").toLowerCase();
  const button = root.querySelector<HTMLElement>("[part=launcher]");
  if (!button) return;
  for (const old of button.querySelectorAll("[part=launcher-icon], [part=launcher-text]")) old.remove();
  button.removeAttribute("aria-labelledby");
  const address = safeHref(text(shape(icon), "url"));
  if (address) {
    const image = element("img", { part: "launcher-icon", src: address, alt: "", referrerpolicy: "no-referrer", decoding: "async" });
    image.addEventListener("error", () => image.remove());
    button.prepend(image);
  }
  button.toggleAttribute("data-text-only", shows === "Text");
  if (shows !== "Text" && shows !== "IconAndText") return;
  const label = inLanguage(look, "MessengerLauncherButtonText", locale);
  button.append(element("span", { part: "launcher-text", id: "launcher-text", dir: "auto" }, label ?? strings["open_chat"]));
  if (!label) return;
  // What is read on it is part of its name, before what a press does.
  button.id = "launcher";
  button.setAttribute("aria-labelledby", "launcher-text launcher");
}

/** In place of the welcome, while there is no message. */
function home(look: Shape, of: Shape, { root, locale }: LazyContext): void {
  const welcome = root.querySelector("[part=welcome]");
  const address = safeHref(text(of, "logo"));
  const title = inLanguage(look, "MessengerHomeHeaderTitle", locale);
  const subtitle = inLanguage(look, "MessengerHomeHeaderSubTitle", locale);
  if (!welcome || !flag(of, "enabled") || !(address || title || subtitle)) return;
  welcome.replaceChildren(
    ...(address ? [element("img", { part: "home-logo", src: address, alt: "", referrerpolicy: "no-referrer", decoding: "async" })] : []),
    ...(title ? [element("div", { part: "home-title", dir: "auto" }, title)] : []),
    ...(subtitle ? [element("div", { part: "home-subtitle", dir: "auto" }, subtitle)] : []),
  );
}

/** The label in the visitor's language: of the region, of the language, of any region of it. */
function inLanguage(look: Shape, key: string, locale: string): string | undefined {
  const tag = locale.toLowerCase();
  const [language] = tag.split("-");
  const labels = list(look, "labels").flatMap((label) => {
    const found = list(label, "texts").find((known) => known["key"] === key && text(known, "value"));
    return found ? [[text(label, "language").toLowerCase(), text(found, "value")] as const] : [];
  });
  const find = (is: (tag: string) => boolean) => labels.find(([tag]) => is(tag))?.[1];
  return find((known) => known === tag) ?? find((known) => known === language) ?? find((known) => known.split("-")[0] === language);
}
