// The choice of a language, each by its own name: of those that the deployment names, where it names any.
import { drawing, element } from "../dom.ts";
import { cross } from "../drawings.ts";
import type { LazyContext } from "../lazy.ts";
import { choiceOf } from "../locale.ts";
import { adoptOnce } from "../styles.ts";
import css from "../../styles/find.css";

export function show(host: HTMLElement, _data: unknown, context: LazyContext): void {
  adoptOnce(context.root, css);
  const { root, strings, locale, locales, speak, respond } = context;
  const isOurs = (tag: string) => locale === tag || (!locales.includes(locale) && locale.split("-")[0] === tag.split("-")[0]);
  // As look.ts left them there.
  const named = ((root.host as HTMLElement).dataset["languages"] ?? "").split(" ").flatMap((tag) => choiceOf(tag, locales)?.words ?? []);
  const offered = named.length > 0 ? locales.filter((tag) => named.includes(tag) || isOurs(tag)) : locales;
  const names = offered.map((tag) => [tag, nameOf(tag)] as const).sort(([, one], [, other]) => one.localeCompare(other));
  const select = element("select", { part: "find-input", "aria-label": strings["language"] });
  for (const [tag, name] of names) {
    const option = element("option", { value: tag, lang: tag }, name);
    option.selected = isOurs(tag);
    select.append(option);
  }
  const close = element("button", { type: "button", part: "find-button", "aria-label": strings["dismiss"] }, drawing(cross));
  close.addEventListener("click", () => respond("close"));
  select.addEventListener("change", () => speak(select.value));
  host.append(element("div", { part: "find" }, select, close));
  select.focus();
}

/** Of the two scripts of Chinese, not of the countries. */
const scripts: Record<string, string> = { "zh-CN": "zh-Hans", "zh-TW": "zh-Hant" };

function nameOf(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: "language" }).of(scripts[tag] ?? tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}
