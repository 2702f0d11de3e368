// Cards: one, several in a row, or the generic template of old, which is a card with other names.
import { respond } from "../answer.ts";
import { element, link } from "../dom.ts";
import type { LazyContext } from "../lazy.ts";
import { readOffer } from "../offer.ts";
import { picture } from "../picture.ts";
import { type Shape, list, shape, text } from "../shape.ts";
import { adoptOnce } from "../styles.ts";
import buttons from "../../styles/rich-buttons.css";
import css from "../../styles/rich-cards.css";

export const saysMore = true;

/** More is nobody's intention. */
const mostCards = 50;

export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  adoptOnce(context.root, buttons);
  adoptOnce(context.root, css);
  const { offer } = readOffer(data);
  const found = "cards" in offer ? list(offer, "cards").slice(0, mostCards) : [offer];
  const cards = found.map((card) => showCard(card, context));
  // The row that holds it is in the transcript's list; a picker's frame is not wanted.
  host.setAttribute("part", "cards");
  host.append(...cards);
  if (cards.length > 1) makeCarousel(host, cards, context);
}

function showCard(card: Shape, context: LazyContext): HTMLElement {
  const node = element("div", { part: "card" });
  const image = picture(card, "card-image", context);
  if (image) node.append(image);
  const title = text(card, "title");
  // The template's own action is a map, and its buttons are called components.
  const open = shape(card["open"] ?? card["actions"]);
  if (title) node.append(link("card-title", text(open, "url"), title) ?? element("strong", { part: "card-title", dir: "auto" }, title));
  const description = text(card, "description");
  if (description) node.append(element("div", { part: "card-text", dir: "auto" }, description));
  const video = link("card-action", text(card, "video"), context.strings["play_video"] ?? "");
  if (video) node.append(video);
  for (const action of list(card, "actions")) append(node, action, text(action, "text"), context);
  for (const component of list(card, "components")) append(node, shape(component["actions"]), text(component, "title"), context);
  return node;
}

/** A link where there is an address, which may turn out to be none that may be opened; else a button, if it says anything. */
function append(node: HTMLElement, action: Shape, label: string, context: LazyContext): void {
  const address = text(action, "url");
  if (address) {
    const opening = link("card-action", address, label || address);
    if (opening) node.append(opening);
    return;
  }
  if (!label) return;
  const button = element("button", { type: "button", part: "card-action", dir: "auto" }, label);
  const payload = text(action, "payload") || label;
  button.addEventListener("click", () => respond(context, { text: label, form: "", choices: [{ question: "", text: label, payload }] }));
  node.append(button);
}

/** A group that one tab stop leads to; arrow keys, Home and End go from card to card, and Tab into the one in view. */
function makeCarousel(host: HTMLElement, cards: HTMLElement[], { strings }: LazyContext): void {
  for (const [name, value] of Object.entries({ "data-carousel": "", role: "group", tabindex: "0", "aria-label": strings["cards"] ?? "" })) host.setAttribute(name, value);
  cards.forEach((card, at) => {
    card.setAttribute("role", "group");
    card.setAttribute("aria-label", (strings["card_of"] ?? "").replace("{number}", String(at + 1)).replace("{count}", String(cards.length)));
  });
  const isFromRight = () => getComputedStyle(host).direction === "rtl";
  let current = 0;
  const goTo = (at: number) => {
    current = Math.max(0, Math.min(cards.length - 1, at));
    cards[current]?.scrollIntoView({ block: "nearest", inline: "start" });
  };
  host.addEventListener("keydown", (event) => {
    const forward = isFromRight() ? "ArrowLeft" : "ArrowRight";
    const isArrow = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (isArrow) goTo(current + (event.key === forward ? 1 : -1));
    else if (event.key === "Home") goTo(0);
    else if (event.key === "End") goTo(cards.length - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // Fingers and wheels scroll, too.
  host.addEventListener("scroll", () => {
    const isAtEnd = Math.abs(host.scrollLeft) + host.clientWidth >= host.scrollWidth - 1;
    const side = isFromRight() ? "right" : "left";
    const edge = host.getBoundingClientRect()[side];
    const away = cards.map((card) => Math.abs(card.getBoundingClientRect()[side] - edge));
    current = isAtEnd ? cards.length - 1 : away.indexOf(Math.min(...away));
  });
  host.addEventListener("focusin", ({ target }) => {
    const within = cards.findIndex((card) => card.contains(target as Node));
    if (within >= 0) current = within;
  });
}
