// The menu of the header, by the keys of the WAI-ARIA Authoring Practices, and the question before clearing.
import { beep } from "../beep.ts";
import { element } from "../dom.ts";
import type { LazyContext } from "../lazy.ts";
import { prefer, preferences } from "../preferences.ts";
import { adoptOnce } from "../styles.ts";
import css from "../../styles/menu.css";

export const saysMore = true;

/** `data`: whether the conversation may be cleared. */
export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  adoptOnce(context.root, css);
  const { strings, respond } = context;
  const action = (key: string, act: () => void) => {
    const item = element("button", { type: "button", part: "menu-item", role: "menuitem", tabindex: "-1", "data-name": key }, strings[key]);
    item.addEventListener("click", act);
    return item;
  };
  const tool = (key: string, name: string) => action(key, () => respond(name));
  /** Stays open: what was switched is seen. */
  const toggle = (key: string, name: "sound" | "notify" | "notifyText", change: (value: boolean) => Promise<boolean> | boolean) => {
    const item = action(key, async () => {
      prefer(context, { [name]: await change(!preferences(context)[name]) });
      refresh();
    });
    item.setAttribute("role", "menuitemcheckbox");
    return { item, refresh: () => item.setAttribute("aria-checked", String(preferences(context)[name] === true)) };
  };
  const toggles = [
    toggle("sound", "sound", (value) => {
      // Heard at once; and browsers allow sounds only after a press.
      if (value) beep().catch(() => undefined);
      return value;
    }),
  ];
  if (canNotify()) {
    toggles.push(
      toggle("notify", "notify", async (value) => value && (await Notification.requestPermission()) === "granted"),
      toggle("notify_text", "notifyText", (value) => value),
    );
  }
  const refresh = () => {
    for (const { refresh } of toggles) refresh();
    const text = items.find(({ dataset }) => dataset["name"] === "notify_text");
    if (text) text.hidden = preferences(context).notify !== true;
  };
  const items = [
    tool("find", "find"),
    tool("save_text", "save-text"),
    tool("save_html", "save-html"),
    tool("language", "language"),
    ...toggles.map(({ item }) => item),
    ...(data === true ? [action("clear_conversation", () => ask(host, context))] : []),
  ];
  refresh();
  host.setAttribute("role", "menu");
  host.setAttribute("aria-label", strings["menu"] ?? "");
  host.append(...items);
  const keys = (event: KeyboardEvent) => onKey(event, items.filter(({ hidden }) => !hidden), context);
  for (const item of items) item.addEventListener("keydown", keys);
  items[0]?.focus();
}

function onKey(event: KeyboardEvent, items: HTMLElement[], { root, respond }: LazyContext): void {
  const at = items.indexOf(root.activeElement as HTMLElement);
  const initial = (item: HTMLElement) => item.textContent?.trim().charAt(0).toLocaleLowerCase();
  const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
  let target = to[event.key];
  if (event.key === "Escape" || event.key === "Tab") {
    respond("close");
    // From the button Tab goes on by itself.
    if (event.key === "Tab") return;
  } else if (target === undefined) {
    const isLetter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isLetter) return;
    const later = [...items.slice(at + 1), ...items.slice(0, at + 1)].find((item) => initial(item) === event.key.toLocaleLowerCase());
    target = later ? items.indexOf(later) : at;
  }
  event.preventDefault();
  event.stopPropagation();
  if (target !== undefined) items[target % items.length]?.focus();
}

/** "Are you sure?": the one dialog that keeps the focus inside. */
function ask(host: HTMLElement, context: LazyContext): void {
  const { root, strings, respond } = context;
  const panel = host.parentElement!;
  const button = (part: string, key: string, act: () => void) => {
    const made = element("button", { type: "button", part }, strings[key]);
    made.addEventListener("click", act);
    return made;
  };
  const close = () => {
    dialog.remove();
    root.querySelector<HTMLElement>("[part=menu-button]")?.focus();
  };
  const no = button("confirm-no", "clear_no", close);
  const yes = button("confirm-yes", "clear_yes", () => {
    close();
    respond("clear");
  });
  const text = element("p", { part: "confirm-text", id: "confirm-text" }, strings["clear_confirm"]);
  const card = element("div", { part: "confirm-card" }, text, no, yes);
  const dialog = element("div", { part: "confirm", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "confirm-text" }, card);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Tab") (root.activeElement === no ? yes : no).focus();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  respond("close");
  panel.append(dialog);
  no.focus();
}

function canNotify(): boolean {
  return isSecureContext && typeof Notification === "function" && Notification.permission !== "denied";
}
