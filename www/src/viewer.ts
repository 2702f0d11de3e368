// A picture of the conversation, large: the others by arrow keys, nearer by plus and minus, Escape goes back.
import { drawing, element } from "./dom.ts";
import { cross } from "./drawings.ts";
import type { LazyContext } from "./lazy.ts";
import { adoptOnce } from "./styles.ts";
import { fill } from "./words.ts";
import css from "../styles/viewer.css";

const zoomMax = 4;

/** The picture's file, and how a fresh address of it is asked for: to show it, or for the visitor to have it. */
export type Pictures = WeakMap<HTMLAnchorElement, { id: string; ask(toHave: boolean): void }>;

export function openViewer(picture: HTMLAnchorElement, pictures: Pictures, context: LazyContext): void {
  adoptOnce(context.root, css);
  new Viewer(picture, pictures, context);
}

class Viewer {
  readonly #context: LazyContext;
  readonly #known: Pictures;
  readonly #dialog: HTMLDialogElement;
  readonly #stage = element("div", { part: "viewer-stage" });
  readonly #title = element("span", { part: "viewer-title", dir: "auto" });
  readonly #count = element("span", { part: "viewer-count", dir: "auto", "aria-live": "polite" });
  readonly #buttons: Readonly<Record<"back" | "on" | "in" | "out", HTMLButtonElement>>;
  readonly #rows: MutationObserver;
  #file: string | undefined;
  #image: HTMLImageElement | undefined;
  #zoom = 1;

  constructor(picture: HTMLAnchorElement, known: Pictures, context: LazyContext) {
    this.#context = context;
    this.#known = known;
    this.#file = known.get(picture)?.id;
    const { strings } = context;
    const button = (part: string, key: string, outline: string, press: () => void) => {
      const made = element("button", { type: "button", part, "aria-label": strings[key] }, drawing(outline));
      made.addEventListener("click", press);
      return made;
    };
    this.#buttons = {
      back: button("viewer-back", "picture_back", "M15 5l-7 7 7 7", () => this.#turn(-1)),
      on: button("viewer-on", "picture_on", "M9 5l7 7-7 7", () => this.#turn(1)),
      in: button("viewer-button", "zoom_in", "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5M8 11h6M11 8v6", () => this.#magnify(this.#zoom + 1)),
      out: button("viewer-button", "zoom_out", "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5M8 11h6", () => this.#magnify(this.#zoom - 1)),
    };
    const save = button("viewer-button", "download", "M12 4v11M7 10.5l5 5 5-5M5 20h14", () => this.#ask(true));
    const close = button("viewer-button", "close_picture", cross, () => this.#dialog.close());
    const bar = element("div", { part: "viewer-bar" }, this.#title, this.#count, this.#buttons.out, this.#buttons.in, save, close);
    this.#dialog = element("dialog", { part: "viewer", "aria-label": strings["pictures"] }, bar, this.#stage, this.#buttons.back, this.#buttons.on);
    this.#dialog.addEventListener("keydown", (event) => this.#press(event));
    this.#dialog.addEventListener("close", () => this.#leave());
    this.#stage.addEventListener("click", ({ target }) => {
      if (target === this.#stage) this.#dialog.close();
    });
    this.#stage.addEventListener("dblclick", () => this.#magnify(this.#zoom > 1 ? 1 : 2));
    // A picture that got another address is a new node in its row.
    this.#rows = new MutationObserver(() => this.#retry());
    const rows = context.root.querySelector('[part="list"]');
    if (rows) this.#rows.observe(rows, { childList: true, subtree: true });
    context.root.querySelector('[part="panel"]')?.append(this.#dialog);
    this.#dialog.showModal();
    this.#show();
    close.focus();
  }

  /** Those that are in the transcript, in its order. */
  #pictures(): HTMLAnchorElement[] {
    return [...this.#context.root.querySelectorAll<HTMLAnchorElement>('[part="picture"]')];
  }

  #current(): HTMLAnchorElement | undefined {
    return this.#pictures().find((picture) => this.#known.get(picture)?.id === this.#file);
  }

  #ask(toHave: boolean): void {
    const picture = this.#current();
    if (picture) this.#known.get(picture)?.ask(toHave);
  }

  #show(): void {
    const pictures = this.#pictures();
    const picture = this.#current();
    if (!picture) return;
    const at = pictures.indexOf(picture);
    const source = picture.querySelector("img");
    const name = source?.alt ?? "";
    const { strings } = this.#context;
    const image = element("img", { part: "viewer-image", alt: name, decoding: "async", referrerpolicy: "no-referrer" });
    image.addEventListener("error", () => {
      if (this.#image === image) this.#ask(false);
    });
    image.src = source?.src ?? "";
    this.#image = image;
    this.#stage.replaceChildren(image);
    this.#title.textContent = name;
    this.#count.textContent = pictures.length > 1 ? fill(strings["picture_of"], { number: String(at + 1), count: String(pictures.length) }) : "";
    this.#buttons.back.hidden = this.#buttons.on.hidden = pictures.length < 2;
    mark(this.#buttons.back, at === 0);
    mark(this.#buttons.on, at === pictures.length - 1);
    this.#magnify(1);
  }

  #turn(by: number): void {
    const pictures = this.#pictures();
    const at = pictures.findIndex((picture) => this.#known.get(picture)?.id === this.#file);
    const next = pictures[at + by];
    if (!next) return;
    this.#file = this.#known.get(next)?.id;
    this.#show();
  }

  #magnify(zoom: number): void {
    this.#zoom = Math.min(Math.max(zoom, 1), zoomMax);
    this.#stage.style.setProperty("--gm-zoom", String(this.#zoom));
    this.#stage.toggleAttribute("data-zoomed", this.#zoom > 1);
    // Scrolled by the arrow keys then.
    if (this.#zoom > 1) this.#stage.tabIndex = 0;
    else this.#stage.removeAttribute("tabindex");
    mark(this.#buttons.in, this.#zoom === zoomMax);
    mark(this.#buttons.out, this.#zoom === 1);
    this.#stage.scrollTo((this.#stage.scrollWidth - this.#stage.clientWidth) / 2, (this.#stage.scrollHeight - this.#stage.clientHeight) / 2);
  }

  #press(event: KeyboardEvent): void {
    const { key } = event;
    const isRightToLeft = getComputedStyle(this.#dialog).direction === "rtl";
    const isScrolling = this.#zoom > 1 && event.target === this.#stage;
    const turn = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
    if (key === "Escape") this.#dialog.close();
    else if (turn !== 0 && !isScrolling) this.#turn(isRightToLeft ? -turn : turn);
    else if (key === "+" || key === "=") this.#magnify(this.#zoom + 1);
    else if (key === "-") this.#magnify(this.#zoom - 1);
    else if (key === "0") this.#magnify(1);
    else return event.stopPropagation();
    event.preventDefault();
    // The panel would close.
    event.stopPropagation();
  }

  /** After a failure, when the address is another one. */
  #retry(): void {
    const source = this.#current()?.querySelector("img")?.src;
    if (source && this.#image && source !== this.#image.src) this.#show();
  }

  #leave(): void {
    this.#rows.disconnect();
    this.#dialog.remove();
    (this.#current() ?? this.#context.root.querySelector<HTMLElement>('[part="input"]'))?.focus();
  }
}

/** Keeps the focus, and does nothing. */
function mark(button: HTMLButtonElement, isOff: boolean): void {
  button.setAttribute("aria-disabled", String(isOff));
}
