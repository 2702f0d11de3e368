// What pickers and forms have in common.
import { type Answer, type Chosen, respond } from "./answer.ts";
import { element } from "./dom.ts";
import { holdFocused } from "./hold.ts";
import type { LazyContext } from "./lazy.ts";
import { picture } from "./picture.ts";
import { type Shape, shape, text } from "./shape.ts";

/** `chosen` is there when the offer is answered. As src/ui/rich.rs writes it. */
export function readOffer(data: unknown): { offer: Shape; chosen: Chosen[] | undefined } {
  const { offer, chosen } = shape(data);
  const triples = Array.isArray(chosen) ? (chosen as [string, string, string][]) : undefined;
  return { offer: shape(offer), chosen: triples?.map(([question, text, payload]) => ({ question, text, payload })) };
}

/** Of an offer that is answered, without what led to the answer. */
export function title(of: Shape): HTMLElement[] {
  const title = text(of, "title") || text(of, "header");
  return title ? [element("strong", { part: "offer-title", dir: "auto" }, title)] : [];
}

/** Picture, title and what stands under it. */
export function heading(of: Shape, context: LazyContext): HTMLElement[] {
  const nodes: HTMLElement[] = [];
  const image = picture(of, "offer-image", context);
  if (image) nodes.push(image);
  nodes.push(...title(of));
  const subtitle = text(of, "subtitle");
  if (subtitle) nodes.push(element("div", { part: "offer-text", dir: "auto" }, subtitle));
  if (place(of)) nodes.push(element("div", { part: "offer-text", dir: "auto" }, place(of)));
  return nodes;
}

/** Where it is: in words, or a place that has a title. */
export const place = (of: Shape) => text(of, "location") || text(shape(of["location"]), "title");

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
    respond(context, answer);
  });
  return form;
}

/** What a visitor has begun to fill in: where it was last, and whom it answers now. */
interface Begun {
  host: HTMLElement;
  answers: Pick<LazyContext, "respond">;
}

/** By the list of the messages, then by message and offer. In memory alone, because nobody else is to read it. */
const begun = new WeakMap<Element, Map<string, Begun>>();

/**
 * Fills the host with what `build` makes of an open offer. A row that comes back, after it was scrolled away or made anew, has
 * what the visitor had begun in it: the very nodes.
 */
export function resume(host: HTMLElement, offer: Shape, context: LazyContext, build: (context: LazyContext) => HTMLElement[]): void {
  const row = host.closest<HTMLElement>("[data-entry]");
  const kept = (row?.parentElement && begun.get(row.parentElement)) ?? new Map<string, Begun>();
  if (row?.parentElement) begun.set(row.parentElement, kept);
  const key = `${row?.dataset["entry"]} ${JSON.stringify(offer)}`;
  const before = kept.get(key);
  const answers = before && !before.host.isConnected ? before.answers : { respond: context.respond };
  answers.respond = context.respond;
  const keep = () => void kept.set(key, { host, answers });
  if (answers === before?.answers) {
    host.append(...before.host.childNodes);
    keep();
  } else {
    host.append(...build({ ...context, respond: (answer) => answers.respond(answer) }));
  }
  for (const name of ["input", "click"]) host.addEventListener(name, keep);
  holdFocused(host);
}
