// The choice of a language, each by its own name.
import { element } from "../dom.ts";
import type { LazyContext } from "../lazy.ts";
import { adoptOnce } from "../styles.ts";
import css from "../../styles/find.css";

export function show(host: HTMLElement, _data: unknown, context: LazyContext): void {
  adoptOnce(context.root, css);
  const { strings, locale, locales, speak, respond } = context;
  const names = [...locales].map((tag) => [tag, nameOf(tag)] as const).sort(([, one], [, other]) => one.localeCompare(other));
  const isOurs = (tag: string) => locale === tag || (!locales.includes(locale) && locale.split("-")[0] === tag.split("-")[0]);
  const select = element("select", { part: "find-input", "aria-label": strings["language"] });
  for (const [tag, name] of names) {
    const option = element("option", { value: tag, lang: tag }, name);
    option.selected = isOurs(tag);
    select.append(option);
  }
  const close = element("button", { type: "button", part: "find-button", "aria-label": strings["dismiss"] }, "✕");
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
