// What pickers and forms have in common.
import { element } from "./dom.ts";
import type { LazyContext } from "./lazy.ts";
import { safeImage } from "./links.ts";
import { type Shape, shape, text } from "./shape.ts";

export interface Chosen {
  text: string;
  payload: string;
}

export interface Answer {
  /** What the visitor is seen to say. */
  text: string;
  /** The name of the form. */
  form: string;
  choices: Chosen[];
}

/** `chosen` is there when the offer is answered. As src/ui/rich.rs writes it. */
export function readOffer(data: unknown): { offer: Shape; chosen: Chosen[] | undefined } {
  const { offer, chosen } = shape(data);
  const pairs = Array.isArray(chosen) ? (chosen as [string, string][]) : undefined;
  return { offer: shape(offer), chosen: pairs?.map(([text, payload]) => ({ text, payload })) };
}

/** Picture, title and what stands under it. */
export function heading(of: Shape, context: LazyContext): HTMLElement[] {
  const nodes: HTMLElement[] = [];
  const src = safeImage(text(of, "image"), context);
  if (src) nodes.push(element("img", { part: "offer-image", alt: "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer", src }));
  const title = text(of, "title") || text(of, "header");
  if (title) nodes.push(element("strong", { part: "offer-title", dir: "auto" }, title));
  const subtitle = text(of, "subtitle");
  if (subtitle) nodes.push(element("div", { part: "offer-text", dir: "auto" }, subtitle));
  return nodes;
}

/** What was chosen of an offer that is answered. */
export function showChosen(lines: string[]): HTMLElement {
  return element("ul", { part: "offer-chosen" }, ...lines.map((line) => element("li", { dir: "auto" }, line)));
}

/** A form with a button that sends. `collect` gives nothing as long as nothing is chosen. */
export function sending(context: LazyContext, label: string, collect: () => Answer | undefined): HTMLFormElement {
  const { strings } = context;
  const hint = element("div", { part: "offer-hint", role: "status" });
  const send = element("button", { type: "submit", part: "offer-send", "aria-disabled": "true" }, label || strings["send"]);
  const form = element("form", { part: "offer-form", novalidate: "" }, hint, send);
  form.addEventListener("input", () => {
    hint.textContent = "";
    send.setAttribute("aria-disabled", String(!collect()));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = collect();
    if (!answer) {
      hint.textContent = strings["choose_first"] ?? "";
      return;
    }
    const texts = [answer.text, answer.form, ...answer.choices.flatMap(({ text, payload }) => [text, payload])];
    context.respond(texts.map((text) => text.replaceAll("\0", "")).join("\0"));
  });
  return form;
}
