// A date picker or a list picker: things to choose from, and a button that sends what was chosen.
import { Choices, fold } from "../choices.ts";
import { element } from "../dom.ts";
import type { LazyContext } from "../lazy.ts";
import { heading, readOffer, resume, sending, showChosen, title } from "../offer.ts";
import { type Shape, shape, text } from "../shape.ts";
import { adoptOnce } from "../styles.ts";
import css from "../../styles/rich-offer.css";

export const saysMore = true;

/** More groups are shown on request. */
const groupsAtFirst = 3;

export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  adoptOnce(context.root, css);
  const { offer, chosen } = readOffer(data);
  const isOfTimes = "times" in offer;
  const asked = shape(offer["asked"] ?? offer);
  if (chosen) {
    host.append(...title(shape(offer["replied"] ?? asked)), showChosen(chosen.map(({ text }) => text)));
    return;
  }
  resume(host, offer, context, (context) => open(offer, asked, isOfTimes, context));
}

function open(offer: Shape, asked: Shape, isOfTimes: boolean, context: LazyContext): HTMLElement[] {
  const { strings } = context;
  const choices = isOfTimes ? Choices.ofTimes(offer, "", context) : Choices.ofSections(offer, "", context);
  const form = sending(context, text(asked, "button"), () => {
    const answers = choices.chosen;
    if (answers.length === 0) return undefined;
    const said = isOfTimes ? "" : text(shape(offer["replied"]), "title") || answers.map(({ text }) => text).join(", ");
    return { text: said, form: "", choices: answers };
  });
  const more = fold(choices.groups, groupsAtFirst, context);
  form.prepend(...choices.groups, ...(more ? [more] : []));
  if (isOfTimes) form.prepend(element("div", { part: "offer-note" }, strings["times_local"]));
  return [...heading(asked, context), choices.groups.length > 0 ? form : element("div", { part: "offer-text" }, strings["nothing_to_choose"])];
}
