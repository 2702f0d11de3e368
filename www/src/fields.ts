// The questions of a form.
import type { Chosen } from "./answer.ts";
import { Choices } from "./choices.ts";
import { element } from "./dom.ts";
import type { LazyContext } from "./lazy.ts";
import { place } from "./offer.ts";
import { type Shape, flag, list, shape, text } from "./shape.ts";

/** As the platform's own messenger has them. */
const longestLine = 30;
const longestText = 300;

export interface Field {
  node: HTMLElement;
  question: string;
  title: string;
  focus(): void;
  /** Shows what is wrong with it, and answers whether nothing is. */
  check(): boolean;
  answers(): Chosen[];
}

let fieldCount = 0;

/** Of a kind that is not known: nothing. */
export function field(component: Shape, context: LazyContext): Field | undefined {
  if ("input" in component) return input(shape(component["input"]), context);
  if ("date" in component) return date(shape(component["date"]), context);
  if ("list" in component) return choice(shape(component["list"]), context);
  if ("wheel" in component) return wheel(shape(component["wheel"]), context);
  return undefined;
}

/** What a keyboard of that kind is on a phone, and what a browser checks of the text. */
const keyboards: Readonly<Record<string, { type?: string; inputmode?: string }>> = {
  Decimal: { inputmode: "decimal" },
  Email: { type: "email" },
  Number: { inputmode: "numeric" },
  NumberPunctuation: { inputmode: "decimal" },
  Phone: { type: "tel" },
  URL: { inputmode: "url" },
  Websearch: { inputmode: "search" },
};

function input(of: Shape, context: LazyContext): Field {
  const isLong = flag(of, "isLong");
  const common = { part: "offer-input", dir: "auto", placeholder: text(of, "placeholder") || undefined };
  const control = isLong
    ? element("textarea", { ...common, rows: "3", maxlength: String(longestText) })
    : element("input", { type: "text", ...common, ...keyboards[text(of, "keyboard")], maxlength: String(longestLine) });
  const name = text(of, "title") || text(of, "placeholder");
  const value = () => control.value.trim();
  const wrong = () => {
    if (flag(of, "isRequired") && !value()) return context.strings["required"];
    return control.validity.typeMismatch ? context.strings["not_an_email"] : undefined;
  };
  const question = text(of, "id");
  return labelled(control, of, name, flag(of, "isRequired"), wrong, context, () => (value() ? [{ question, text: value(), payload: value() }] : []));
}

/** A day, or one of the times that are offered. A form always wants one. */
function date(of: Shape, context: LazyContext): Field {
  const question = text(of, "id");
  if (list(of, "times").length > 0) return grouped(Choices.ofTimes(of, question, context), of, true, context);
  const day = (key: string) => /^\d{4}-\d\d-\d\d/.exec(text(of, key))?.[0];
  const control = element("input", { type: "date", part: "offer-input", min: day("earliest"), max: day("latest") });
  const format = dateFormat(text(of, "order"), context.locale);
  const wrong = () => {
    const { valueMissing, rangeUnderflow, rangeOverflow, badInput } = control.validity;
    if (valueMissing || badInput || !control.value) return context.strings["required"];
    return rangeUnderflow || rangeOverflow ? context.strings["date_out_of_range"] : undefined;
  };
  return labelled(control, of, text(of, "title"), true, wrong, context, () => {
    if (!control.value) return [];
    const payload = `${control.value}T00:00:00.000Z`;
    return [{ question, text: format(new Date(payload)), payload }];
  });
}

/** Day, month and year in the order that the form names, or else in the visitor's. */
function dateFormat(order: string, locale: string): (at: Date) => string {
  const wanted = order.match(/day|month|year/gi)?.map((part) => part.toLowerCase());
  if (wanted?.length !== 3) {
    const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
    return (at) => format.format(at);
  }
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return (at) => {
    const parts = format.formatToParts(at);
    return wanted.map((part) => parts.find(({ type }) => type === part)?.value).join(" ");
  };
}

function choice(of: Shape, context: LazyContext): Field {
  return grouped(Choices.ofSections(of, text(of, "id"), context), of, false, context);
}

function wheel(of: Shape, context: LazyContext): Field {
  const items = list(of, "items");
  const label = (item: Shape) => text(item, "title") || text(item, "value") || text(item, "id");
  const control = element("select", { part: "offer-input" }, element("option", { value: "" }), ...items.map((item, at) => element("option", { value: String(at) }, label(item))));
  const question = text(of, "id");
  return labelled(control, of, text(of, "title"), false, () => undefined, context, () => {
    const item = control.value === "" ? undefined : items[Number(control.value)];
    return [{ question, text: item ? label(item) : "", payload: item ? text(item, "id") : "" }];
  });
}

/** A control with a label above it and what is wrong below it. */
function labelled(control: HTMLElement, of: Shape, name: string, isRequired: boolean, wrong: () => string | undefined, context: LazyContext, answers: () => Chosen[]): Field {
  const { strings } = context;
  const id = `field-${++fieldCount}`;
  const title = name || strings["your_answer"] || "";
  const error = element("div", { part: "offer-error", id: `${id}-error`, role: "alert" });
  const note = isRequired ? undefined : element("span", { part: "offer-note" }, ` (${strings["optional"] ?? ""})`);
  control.id = id;
  control.setAttribute("aria-describedby", error.id);
  control.setAttribute("aria-required", String(isRequired));
  const label = element("label", { part: "offer-legend", for: id, dir: "auto" }, title, note);
  const notes = [text(of, "subtitle"), place(of)].flatMap((note) => (note ? [element("div", { part: "offer-text", dir: "auto" }, note)] : []));
  const node = element("div", { part: "offer-field" }, label, ...notes, control, error);
  const check = () => {
    const fault = wrong();
    error.textContent = fault ?? "";
    control.setAttribute("aria-invalid", String(fault !== undefined));
    return fault === undefined;
  };
  control.addEventListener("input", () => control.getAttribute("aria-invalid") === "true" && check());
  return { node, question: text(of, "id"), title, focus: () => control.focus(), check, answers };
}

/** Choices under a title. */
function grouped(choices: Choices, of: Shape, isRequired: boolean, { strings }: LazyContext): Field {
  const title = text(of, "title") || text(list(of, "sections")[0] ?? {}, "title") || strings["your_answer"] || "";
  const error = element("div", { part: "offer-error", role: "alert" });
  const heading = text(of, "title") ? element("div", { part: "offer-legend", dir: "auto" }, text(of, "title")) : undefined;
  const where = place(of) ? element("div", { part: "offer-text", dir: "auto" }, place(of)) : undefined;
  const node = element("div", { part: "offer-field", role: "group", "aria-label": title }, heading, where, ...choices.groups, error);
  const question = text(of, "id");
  const check = () => {
    const isMissing = isRequired && choices.chosen.length === 0;
    error.textContent = isMissing ? (strings["choose_first"] ?? "") : "";
    return !isMissing;
  };
  node.addEventListener("input", check);
  const answers = () => (choices.chosen.length > 0 ? choices.chosen : [{ question, text: "", payload: "" }]);
  return { node, question, title, focus: () => choices.focus(), check, answers };
}
