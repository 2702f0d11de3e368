// Quick replies: buttons that answer for the visitor, until somebody has said something.
import { respond } from "../answer.ts";
import { element } from "../dom.ts";
import type { LazyContext } from "../lazy.ts";
import { picture } from "../picture.ts";
import { shape, text } from "../shape.ts";
import { adoptOnce } from "../styles.ts";
import css from "../../styles/rich-buttons.css";

/** As many as any channel of the platform shows. */
const mostReplies = 13;

/** Nobody would see what to press. */
const isBlank = (label: string) => /^[\s\p{C}]*$/u.test(label);

export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  adoptOnce(context.root, css);
  const replies = (Array.isArray(data) ? data : []).map(shape).filter((reply) => !isBlank(text(reply, "text")));
  for (const reply of replies.slice(0, mostReplies)) {
    const label = text(reply, "text");
    const payload = typeof reply["payload"] === "string" ? reply["payload"] : label;
    const button = element("button", { type: "button", part: "quick-reply", dir: "auto" }, picture(reply, "quick-reply-image", context), label);
    button.addEventListener("click", () => respond(context, { text: label, form: "", choices: [{ question: "", text: label, payload }] }));
    host.append(button);
  }
}
