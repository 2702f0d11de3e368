// A form: an introduction, pages of questions, a summary, and what was answered.
import { type Chosen, respond } from "../answer.ts";
import { element } from "../dom.ts";
import { type Field, field } from "../fields.ts";
import type { LazyContext } from "../lazy.ts";
import { heading, readOffer, resume, title } from "../offer.ts";
import { type Shape, flag, list, shape, text } from "../shape.ts";
import { adoptOnce } from "../styles.ts";
import css from "../../styles/rich-offer.css";

export const saysMore = true;

interface Page {
  node: HTMLElement;
  fields: Field[];
}

export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  adoptOnce(context.root, css);
  const { offer, chosen } = readOffer(data);
  const asked = shape(offer["asked"]);
  if (chosen) {
    const replied = shape(offer["replied"] ?? offer["asked"] ?? offer["introduction"]);
    host.append(...title(replied), summary(makePages(offer, context), chosen));
    return;
  }
  resume(host, offer, context, (context) => open(offer, asked, context));
}

function open(offer: Shape, asked: Shape, context: LazyContext): HTMLElement[] {
  const introduction = shape(offer["introduction"] ?? asked);
  const label = text(introduction, "button") || text(asked, "button") || context.strings["start"];
  const start = element("button", { type: "button", part: "offer-send" }, label);
  const opening = element("div", { part: "offer-form" }, start);
  start.addEventListener("click", () => opening.replaceWith(fillIn(offer, makePages(offer, context), context)));
  return [...heading(introduction, context), opening];
}

const makePages = (offer: Shape, context: LazyContext) => list(offer, "pages").map((page) => makePage(page, context));

function makePage(page: Shape, context: LazyContext): Page {
  const fields = list(page, "questions").flatMap((question) => field(question, context) ?? []);
  return { node: element("div", { part: "offer-page" }, ...heading(page, context), ...fields.map(({ node }) => node)), fields };
}

/** Page after page, each checked before the next one, and the summary where the form wants one. */
function fillIn(offer: Shape, pages: Page[], context: LazyContext): HTMLElement {
  const { strings } = context;
  const hasSummary = flag(offer, "hasSummary");
  const stepCount = pages.length + (hasSummary ? 1 : 0);
  const progress = element("div", { part: "offer-note", role: "status" });
  const place = element("div");
  const back = element("button", { type: "button", part: "offer-back" }, strings["back"]);
  const next = element("button", { type: "submit", part: "offer-send" });
  const form = element("form", { part: "offer-form", novalidate: "" }, progress, place, element("div", { part: "offer-steps" }, back, next));
  const answers = () => pages.flatMap(({ fields }) => fields.flatMap((field) => field.answers()));
  let step = 0;
  const goTo = (to: number) => {
    step = to;
    const page = pages[step];
    place.replaceChildren(page ? page.node : element("div", { part: "offer-page" }, summary(pages, answers())));
    progress.textContent = stepCount > 1 ? (strings["card_of"] ?? "").replace("{number}", String(step + 1)).replace("{count}", String(stepCount)) : "";
    back.hidden = step === 0;
    next.textContent = (step < stepCount - 1 ? strings["next"] : strings["send"]) ?? "";
    // Once it is in the document.
    queueMicrotask(() => {
      (page?.fields[0] ?? next).focus();
      readFromTop(form);
    });
  };
  back.addEventListener("click", () => goTo(step - 1));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = pages[step]?.fields.filter((field) => !field.check())[0];
    if (wrong) wrong.focus();
    else if (step < stepCount - 1) goTo(step + 1);
    else respond(context, { text: text(shape(offer["replied"]), "title") || (strings["form_sent"] ?? ""), form: text(offer, "name"), choices: answers() });
  });
  goTo(0);
  return form;
}

/** As in rich-offer.css. */
const around_px = 8 + 40;

/** A page begins with its heading, and has its focus in view even so. */
function readFromTop(form: HTMLElement): void {
  const view = form.closest("[part=transcript]");
  const isWhole = view !== null && form.offsetHeight + around_px <= view.clientHeight;
  form.scrollIntoView({ block: isWhole ? "nearest" : "start", inline: "nearest" });
  (form.getRootNode() as ShadowRoot).activeElement?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Each question with its answer; what was not answered is left out. */
function summary(pages: Page[], chosen: Chosen[]): HTMLElement {
  const lines = pages.flatMap(({ fields }) =>
    fields.flatMap(({ question, title }) => {
      const answer = chosen.filter((choice) => choice.question === question && choice.text).map(({ text }) => text).join(", ");
      return answer ? [element("dt", { dir: "auto" }, title), element("dd", { dir: "auto" }, answer)] : [];
    }),
  );
  return element("dl", { part: "offer-chosen" }, ...lines);
}
