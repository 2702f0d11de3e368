// The visitor's files over the composer: with a picture or a sign, how far each has come, what is wrong with it, and the
// buttons for it. Brings their bytes to where the platform says. What is to be done with a file is decided in Rust.
import { drawing, element } from "../dom.ts";
import { cross, sheet } from "../drawings.ts";
import type { LazyContext } from "../lazy.ts";
import { adoptOnce } from "../styles.ts";
import { fits, thumbnail, typeOf } from "../file-bytes.ts";
import { put } from "../upload.ts";
import { fill, readableSize } from "../words.ts";
import css from "../../styles/attach.css";

export const saysMore = true;

/** More at once are an accident. As in src/session/attachments.rs. */
const filesMax = 20;

/** A file's number and state. Of one that failed, what is wrong and whether it may be tried again; of one under way, the bytes
 * sent, the address and the headers. */
type Told = [id: number, state: string, ...more: unknown[]];

const trays = new WeakMap<ShadowRoot, Tray>();
let fileCount = 0;

export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  adoptOnce(context.root, css);
  let tray = trays.get(context.root);
  if (!tray?.node.isConnected) {
    tray?.empty();
    tray = new Tray(context);
    trays.set(context.root, tray);
    host.after(tray.node, tray.status);
  }
  const [maxKb, ...files] = data as [number, ...Told[]];
  tray.update(files, maxKb, context);
}

class Tray {
  readonly node: HTMLUListElement;
  readonly status = element("div", { part: "tray-status", role: "status" });
  #context: LazyContext;
  readonly #rows = new Map<number, Row>();
  /** Files that Rust has not been told of. */
  #adding = Promise.resolve();

  constructor(context: LazyContext) {
    this.#context = context;
    this.node = element("ul", { part: "tray", "aria-label": context.strings["files_to_send"], hidden: "" });
  }

  update(files: Told[], maxKb: number, context: LazyContext): void {
    this.#context = context;
    const ids = new Set(files.map(([id]) => id));
    for (const [id, row] of this.#rows) if (row.isKnown && !ids.has(id)) this.#remove(id, row);
    for (const file of files) {
      const row = this.#rows.get(file[0]);
      // Those of a life of the page before have no bytes here.
      if (!row) continue;
      if (!row.node.isConnected) this.node.append(row.node);
      const said = row.update(file, maxKb, context);
      if (said) this.status.textContent = said;
    }
    this.node.hidden = this.node.childElementCount === 0;
    const chosen = context.files.splice(0);
    if (chosen.length > filesMax - this.#rows.size) this.status.textContent = context.strings["files_many"] ?? "";
    for (const file of chosen.slice(0, filesMax - this.#rows.size)) this.#add(file);
  }

  empty(): void {
    for (const row of this.#rows.values()) row.stop();
  }

  /** In the order in which they were chosen. */
  #add(file: File): void {
    const id = ++fileCount;
    const row = new Row(id, file, () => this.#context);
    this.#rows.set(id, row);
    // Some browsers give the folder too.
    const name = file.name.slice(file.name.lastIndexOf("/") + 1);
    this.#adding = this.#adding.then(async () => {
      const mime = typeOf(file);
      const isFitting = await fits(file, mime);
      row.isKnown = true;
      this.#context.respond(["add", id, file.size, mime, isFitting ? 1 : 0, name].join("\0"));
    });
  }

  #remove(id: number, row: Row): void {
    row.stop();
    this.#rows.delete(id);
    const hadFocus = row.node.contains(this.#context.root.activeElement);
    const neighbour = row.node.nextElementSibling ?? row.node.previousElementSibling;
    row.node.remove();
    if (!hadFocus) return;
    const next = neighbour?.querySelector<HTMLElement>('[part="file-remove"]');
    (next ?? this.#context.root.querySelector<HTMLElement>('[part="input"]'))?.focus();
  }
}

class Row {
  readonly node: HTMLLIElement;
  /** Rust has been told of it. */
  isKnown = false;
  readonly #id: number;
  readonly #file: File;
  readonly #context: () => LazyContext;
  readonly #note = element("span", { part: "file-note" });
  readonly #bar = element("span", { part: "file-bar" });
  readonly #progress: HTMLElement;
  readonly #again: HTMLButtonElement;
  #state = "";
  #url = "";
  #stop: (() => void) | undefined;

  constructor(id: number, file: File, context: () => LazyContext) {
    this.#id = id;
    this.#file = file;
    this.#context = context;
    const { strings } = context();
    const about = (key: string) => fill(strings[key], { name: file.name });
    const sign = element("span", { part: "file-sign", "aria-hidden": "true" }, drawing(sheet));
    void thumbnail(file).then((picture) => picture && sign.replaceChildren(picture));
    this.#progress = element("span", { part: "file-progress", role: "progressbar", "aria-label": file.name, "aria-valuemin": "0", "aria-valuemax": "100", hidden: "" }, this.#bar);
    this.#again = element("button", { type: "button", part: "file-again", "aria-label": about("file_retry"), hidden: "" }, drawing("M4 12a8 8 0 0 1 13.7-5.6L20 8.7M20 4v4.7h-4.7M20 12a8 8 0 0 1-13.7 5.6L4 15.3M4 20v-4.7h4.7"));
    const remove = element("button", { type: "button", part: "file-remove", "aria-label": about("file_remove") }, drawing(cross));
    remove.addEventListener("click", () => this.#say("remove"));
    this.#again.addEventListener("click", () => {
      remove.focus();
      this.#say("retry");
    });
    const words = element("span", { part: "file-words" }, element("span", { part: "file-title", dir: "auto" }, file.name), this.#note, this.#progress);
    this.node = element("li", { part: "upload" }, sign, words, this.#again, remove);
  }

  /** What is worth being said of what has changed. */
  update([, state, ...more]: Told, maxKb: number, context: LazyContext): string | undefined {
    const { strings, locale } = context;
    const file = this.#file;
    const [flaw, isAgain] = state === "failed" ? more : [];
    const [sent = 0, url = "", headers = ""] = state === "uploading" ? (more as [number, string, string]) : [];
    const share = state === "checking" ? 1 : Math.min(sent / file.size, 1);
    const isMoving = state === "uploading" || state === "checking";
    if (url) this.#bring(url, headers);
    else this.stop();
    const percent = new Intl.NumberFormat(locale, { style: "percent" }).format(share);
    const limit = readableSize(maxKb * 1000, locale);
    const key = flaw === "size" && maxKb === 0 ? "large" : flaw;
    const note = flaw ? fill(strings[`file_${key}`], { limit }) : state === "uploading" ? percent : strings[`file_${state}`] ?? "";
    this.node.dataset["state"] = state;
    this.#note.textContent = flaw ? note : `${readableSize(file.size, locale)} · ${note}`;
    this.#progress.hidden = !isMoving;
    this.#progress.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    this.#bar.style.setProperty("inline-size", `${share * 100}%`);
    this.#again.hidden = isAgain !== true;
    const hasChanged = state !== this.#state;
    this.#state = state;
    return hasChanged && (flaw || state === "uploaded") ? `${file.name}: ${note}` : undefined;
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#url = "";
  }

  /** Another address is another attempt. */
  #bring(url: string, headers: string): void {
    if (url === this.#url) return;
    this.stop();
    this.#url = url;
    this.#stop = put(url, headers, this.#file, this.#context(), (sent) => {
      if (this.node.isConnected) this.#say("sent", sent);
      else this.stop();
    }, (isDone) => this.#say(isDone ? "done" : "failed"));
  }

  #say(what: string, ...more: number[]): void {
    this.#context().respond([what, this.#id, ...more].join("\0"));
  }
}
