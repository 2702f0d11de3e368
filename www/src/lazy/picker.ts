// A date picker or a list picker: things to choose from, and a button that sends what was chosen.
import { element } from "../dom.ts";
import type { LazyContext } from "../lazy.ts";
import { type Chosen, heading, readOffer, sending, showChosen } from "../offer.ts";
import { type Shape, flag, list, shape, text } from "../shape.ts";
import { adoptOnce } from "../styles.ts";
import { slotsByDay, timeFormats } from "../times.ts";
import css from "../../styles/rich-picker.css";

/** More groups are shown on request. */
const groupsAtFirst = 3;

let groupCount = 0;

export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  adoptOnce(context.root, css);
  const { offer, chosen } = readOffer(data);
  const isOfTimes = "times" in offer;
  const asked = shape(chosen ? (offer["replied"] ?? offer["asked"] ?? offer) : (offer["asked"] ?? offer));
  host.append(...heading(asked, context));
  if (chosen) return host.append(showChosen(chosen.map(({ text }) => text)));
  const choices = isOfTimes ? timeGroups(offer, context) : sections(offer);
  const picked = () => choices.flatMap(({ inputs }) => [...inputs]).filter(([input]) => input.checked).map(([, choice]) => choice);
  const form = sending(context, text(asked, "button"), () => {
    const answers = picked();
    if (answers.length === 0) return undefined;
    const said = isOfTimes ? "" : text(shape(offer["replied"]), "title") || answers.map(({ text }) => text).join(", ");
    return { text: said, form: "", choices: answers };
  });
  form.prepend(...choices.map(({ node }) => node));
  fold(choices.map(({ node }) => node), groupsAtFirst, context);
  if (isOfTimes) form.prepend(element("div", { part: "offer-note" }, context.strings["times_local"]));
  host.append(form);
}

interface Group {
  node: HTMLElement;
  inputs: Map<HTMLInputElement, Chosen>;
}

/** One group a day, in the visitor's time zone; one choice among all. */
function timeGroups(offer: Shape, { locale }: LazyContext): Group[] {
  const name = `gm-${++groupCount}`;
  const formats = timeFormats(locale);
  return slotsByDay(list(offer, "times")).map(({ day, slots }) => {
    const inputs = new Map<HTMLInputElement, Chosen>();
    const pills = slots.map(({ at, iso }) => {
      const input = element("input", { type: "radio", name });
      inputs.set(input, { text: formats.whole(at), payload: iso });
      return element("label", { part: "offer-slot" }, input, formats.time(at));
    });
    const legend = element("legend", { part: "offer-legend" }, formats.day(day));
    return { node: element("fieldset", { part: "offer-group" }, legend, element("div", { part: "offer-slots" }, ...pills)), inputs };
  });
}

function sections(offer: Shape): Group[] {
  return list(offer, "sections").map((section) => {
    const name = `gm-${++groupCount}`;
    const type = flag(section, "isMultiple") ? "checkbox" : "radio";
    const inputs = new Map<HTMLInputElement, Chosen>();
    const rows = list(section, "items").map((item) => {
      const title = text(item, "title") || text(item, "id");
      const input = element("input", { type, name });
      inputs.set(input, { text: title, payload: text(item, "id") || title });
      const words = element("span", { part: "offer-words" }, element("span", { dir: "auto" }, title));
      const subtitle = text(item, "subtitle");
      if (subtitle) words.append(element("span", { part: "offer-text", dir: "auto" }, subtitle));
      return element("label", { part: "offer-item" }, input, words);
    });
    const legend = element("legend", { part: "offer-legend", dir: "auto" }, text(section, "title"));
    return { node: element("fieldset", { part: "offer-group" }, legend, ...rows), inputs };
  });
}

/** Hides what is beyond the first few until it is asked for. */
function fold(nodes: HTMLElement[], most: number, { strings }: LazyContext): void {
  const rest = nodes.slice(most);
  if (rest.length === 0) return;
  for (const node of rest) node.hidden = true;
  const more = element("button", { type: "button", part: "offer-more" }, strings["show_more"]);
  more.addEventListener("click", () => {
    for (const node of rest) node.hidden = false;
    rest[0]?.querySelector("input")?.focus();
    more.remove();
  });
  nodes[most - 1]?.after(more);
}
