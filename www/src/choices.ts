// Things to choose from: radio buttons where one may be chosen, check boxes where several may.
import type { Chosen } from "./answer.ts";
import { element } from "./dom.ts";
import type { LazyContext } from "./lazy.ts";
import { picture } from "./picture.ts";
import { type Shape, flag, list, text } from "./shape.ts";
import { slotsByDay, timeFormats } from "./times.ts";

/** More than these are shown on request. */
const shownAtFirst = 6;

let groupCount = 0;

export class Choices {
  /** One for each section or day. */
  readonly groups: HTMLElement[] = [];
  readonly #inputs = new Map<HTMLInputElement, Chosen>();

  /** The sections of a list. `question` is that of the form that it stands in. */
  static ofSections(offer: Shape, question: string, context: LazyContext): Choices {
    const choices = new Choices();
    for (const section of list(offer, "sections")) {
      const type = flag(section, "isMultiple") ? "checkbox" : "radio";
      const name = groupName();
      const rows = list(section, "items").map((item) => {
        const title = text(item, "title") || text(item, "id");
        const input = choices.#add(type, name, { question, text: title, payload: text(item, "id") || title });
        const words = element("span", { part: "offer-words" }, element("span", { dir: "auto" }, title));
        const subtitle = text(item, "subtitle");
        if (subtitle) words.append(element("span", { part: "offer-text", dir: "auto" }, subtitle));
        return element("label", { part: "offer-item" }, input, picture(item, "offer-icon", context), words);
      });
      choices.#group(text(section, "title"), ...rows, fold(rows, shownAtFirst, context));
    }
    return choices;
  }

  /** One group a day, in the visitor's time zone; one choice among all. */
  static ofTimes(offer: Shape, question: string, { locale }: LazyContext): Choices {
    const choices = new Choices();
    const name = groupName();
    const formats = timeFormats(locale);
    for (const { day, slots } of slotsByDay(list(offer, "times"))) {
      const pills = slots.map(({ at, iso }) => {
        const input = choices.#add("radio", name, { question, text: formats.whole(at), payload: iso });
        return element("label", { part: "offer-slot" }, input, formats.time(at));
      });
      choices.#group(formats.day(day), element("div", { part: "offer-slots" }, ...pills));
    }
    return choices;
  }

  get chosen(): Chosen[] {
    return [...this.#inputs].filter(([input]) => input.checked).map(([, choice]) => choice);
  }

  focus(): void {
    this.#inputs.keys().next().value?.focus();
  }

  #add(type: string, name: string, choice: Chosen): HTMLInputElement {
    const input = element("input", { type, name });
    this.#inputs.set(input, choice);
    return input;
  }

  #group(title: string, ...children: (HTMLElement | undefined)[]): void {
    const legend = title ? element("legend", { part: "offer-legend", dir: "auto" }, title) : undefined;
    this.groups.push(element("fieldset", { part: "offer-group" }, legend, ...children));
  }
}

/** Hides what is beyond the first few. Returns the button that shows it, or nothing. */
export function fold(nodes: HTMLElement[], most: number, { strings }: LazyContext): HTMLElement | undefined {
  const rest = nodes.slice(most);
  if (rest.length === 0) return undefined;
  for (const node of rest) node.hidden = true;
  const more = element("button", { type: "button", part: "offer-more" }, strings["show_more"]);
  more.addEventListener("click", () => {
    for (const node of rest) node.hidden = false;
    more.remove();
    rest[0]?.querySelector("input")?.focus();
  });
  return more;
}

/** Radio buttons of one name exclude each other, within the shadow root. */
const groupName = () => `choices-${++groupCount}`;
