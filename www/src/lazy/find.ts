// Searching in the conversation. The first match shown is the newest.
import { drawing, element } from "../dom.ts";
import { cross, down, up } from "../drawings.ts";
import type { LazyContext } from "../lazy.ts";
import { readConversation } from "../messages.ts";
import { adoptOnce } from "../styles.ts";
import css from "../../styles/find.css";

export const saysMore = true;

/** What was searched for when earlier messages were asked for, and the match that was shown, if there was one. */
let resumed: { wanted: string; from: number | undefined } | undefined;

export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  adoptOnce(context.root, css);
  const { root, strings, respond } = context;
  const { messages: loaded, hasOlder } = readConversation(data, context.isAgain);
  const messages = loaded.map(({ id, text }) => ({ id, text: plain(text) }));
  const list = root.querySelector("[part=list]")!;
  let found: number[] = [];
  let at = 0;
  let isWaiting = false;

  const input = element("input", { type: "search", part: "find-input", "aria-label": strings["find"], placeholder: strings["find"], enterkeyhint: "search", autocomplete: "off" });
  const count = element("span", { part: "find-count", role: "status" });
  const button = (key: string, outline: string, act: () => void) => {
    const made = element("button", { type: "button", part: "find-button", "aria-label": strings[key] }, drawing(outline));
    made.addEventListener("click", act);
    return made;
  };
  const close = () => respond("close");
  /** Towards older messages, or newer ones with -1. Behind the oldest that is loaded come those that are not. */
  const go = (step: number) => {
    isWaiting = hasOlder && plain(input.value) !== "" && at + step >= found.length;
    if (isWaiting) {
      resumed = { wanted: input.value, from: found[at] };
      tell();
      return respond("+find");
    }
    if (found.length === 0) return;
    at = (at + step + found.length) % found.length;
    tell();
    respond(String(found[at]));
  };
  const tell = () => {
    const isWanted = plain(input.value) !== "";
    const place = (strings["find_place"] ?? "").replace("{at}", String(at + 1)).replace("{count}", String(found.length));
    count.textContent = (!isWanted ? "" : isWaiting ? strings["older_loading"] : found.length > 0 ? place : strings["find_nothing"]) ?? "";
  };
  const look = () => {
    const wanted = plain(input.value);
    found = wanted ? messages.filter(({ text }) => text.includes(wanted)).map(({ id }) => id).reverse() : [];
    at = 0;
    mark(wanted);
  };
  const search = () => {
    look();
    go(0);
    tell();
  };
  const mark = (wanted: string) => {
    for (const row of list.querySelectorAll<HTMLElement>("[data-entry]")) {
      row.toggleAttribute("data-found", wanted !== "" && row.dataset["entry"] === String(found[at]));
    }
    highlight(list, wanted);
  };

  // Rows come and go while the view moves, and the names of files come after them.
  const watcher = new MutationObserver(() => mark(plain(input.value)));
  watcher.observe(list, { childList: true, subtree: true });
  input.addEventListener("input", search);
  const onKey = (event: KeyboardEvent) => {
    const isFind = event.key === "f" && (event.ctrlKey || event.metaKey);
    if (event.key === "Escape") {
      close();
    } else if (event.key === "Enter" && root.activeElement === input && !event.isComposing) {
      go(event.shiftKey ? -1 : 1);
      mark(plain(input.value));
    } else if (isFind) {
      input.select();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const step = (by: number) => () => {
    go(by);
    mark(plain(input.value));
  };
  const bar = element("div", { part: "find", role: "search" }, input, count, button("find_older", up, step(1)), button("find_newer", down, step(-1)), button("find_close", cross, close));
  bar.addEventListener("keydown", onKey);
  host.append(bar);
  input.focus();
  const before = resumed;
  resumed = undefined;
  // Not when the visitor has closed the search meanwhile and begins a new one.
  if (context.isAgain && before) {
    const { wanted, from } = before;
    input.value = wanted;
    look();
    at = Math.max(0, found.indexOf(from ?? -1));
    go(from === undefined ? 0 : 1);
    mark(plain(input.value));
    tell();
  }
  // Whoever closes it: nothing stays marked.
  const end = new MutationObserver(() => {
    if (bar.isConnected) return;
    watcher.disconnect();
    end.disconnect();
    found = [];
    mark("");
  });
  end.observe(host, { childList: true });
}

const plain = (text: string) => fold(text).trim();

/** Without what people do not mind when they search. */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/** Where the browser can: by ranges, so that no message is touched. */
function highlight(list: Element, wanted: string): void {
  if (typeof Highlight !== "function") return;
  const ranges: Range[] = [];
  for (const bubble of wanted ? list.querySelectorAll("[part=bubble], [part=file-name]") : []) {
    const texts = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) ranges.push(...rangesOf(node as Text, wanted));
  }
  if (ranges.length > 0) CSS.highlights.set("gm-find", new Highlight(...ranges));
  else CSS.highlights.delete("gm-find");
}

function* rangesOf(node: Text, wanted: string): Generator<Range> {
  let folded = "";
  /** Where in the text each unit of the folded one comes from. */
  const from: number[] = [];
  let at = 0;
  for (const letter of node.data) {
    const units = fold(letter);
    folded += units;
    from.push(...Array.from({ length: units.length }, () => at));
    at += letter.length;
  }
  from.push(at);
  for (let found = folded.indexOf(wanted); found >= 0; found = folded.indexOf(wanted, found + wanted.length)) {
    const range = document.createRange();
    range.setStart(node, from[found]!);
    range.setEnd(node, from[found + wanted.length]!);
    yield range;
  }
}
