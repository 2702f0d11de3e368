// What a visitor notices who is not looking: the newest message beside the launcher, a sound, the page's title, a
// notification of the system. It is no live region: the announcer has read the message out already.
import { beepOnce } from "../beep.ts";
import { drawing, element } from "../dom.ts";
import { cross } from "../drawings.ts";
import type { LazyContext } from "../lazy.ts";
import { preferences } from "../preferences.ts";
import { adoptOnce } from "../styles.ts";
import css from "../../styles/attention.css";

const flashEvery_ms = 1_000;

export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  const [id, sender, text, unread, isOpen] = data as [string, string, string, number, boolean];
  const { options } = context;
  const { sound, notify, notifyText } = preferences(context);
  if (sound) beepOnce(id).catch(() => undefined);
  if (document.hidden && options.titleFlash) flashTitle(countOf(unread, context));
  if (document.hidden && notify) tellSystem(notifyText ? `${sender}: ${text}` : countOf(unread, context), context);
  if (!isOpen && options.preview !== false) preview(host, sender, text, context);
}

function preview(host: HTMLElement, sender: string, text: string, { root, strings, respond }: LazyContext): void {
  adoptOnce(root, css);
  const open = element("button", { type: "button", part: "preview-open" }, element("span", { part: "preview-sender", dir: "auto" }, sender), " ", element("span", { part: "preview-text", dir: "auto" }, text));
  const dismiss = element("button", { type: "button", part: "preview-dismiss", "aria-label": strings["dismiss"] }, drawing(cross));
  open.addEventListener("click", () => respond("open"));
  dismiss.addEventListener("click", () => {
    host.hidden = true;
    host.replaceChildren();
    root.querySelector<HTMLElement>("[part=launcher]")?.focus();
  });
  host.append(element("div", { part: "preview" }, open, dismiss));
  host.hidden = false;
}

/** The words that the launcher has, for the system. */
function countOf(unread: number, { strings, locale }: LazyContext): string {
  const word = (form: string) => strings[`unread_${form}`];
  return (word(new Intl.PluralRules(locale).select(unread)) ?? word("other") ?? "").replace("{count}", String(unread));
}

let flashing: { timer: number; title: string; flash: string } | undefined;

/** Until the page is looked at. */
function flashTitle(flash: string): void {
  if (flashing) {
    flashing.flash = flash;
    return;
  }
  const title = document.title;
  const timer = window.setInterval(() => {
    document.title = document.title === flashing?.flash ? title : (flashing?.flash ?? title);
  }, flashEvery_ms);
  flashing = { timer, title, flash };
  document.title = flash;
  const stop = () => {
    if (document.hidden || !flashing) return;
    clearInterval(flashing.timer);
    document.title = flashing.title;
    flashing = undefined;
    document.removeEventListener("visibilitychange", stop);
  };
  document.addEventListener("visibilitychange", stop);
}

function tellSystem(body: string, { strings, options, respond }: LazyContext): void {
  if (typeof Notification !== "function" || Notification.permission !== "granted") return;
  try {
    // Of several tabs' notifications the system shows the last one.
    const notification = new Notification(strings["title"] ?? "", { body, tag: `guest-messenger:${options.deploymentId}` });
    notification.onclick = () => {
      window.focus();
      notification.close();
      respond("open");
    };
  } catch {
    // Android shows none of a page without a service worker.
  }
}
