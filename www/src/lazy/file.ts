// A file in a message: a picture in place that opens large, a recording or a film with the browser's own controls, and
// everything else to be saved. Addresses are good for minutes: what cannot be shown is asked for anew, and so is what is saved.
import { drawing, element, link } from "../dom.ts";
import { sheet } from "../drawings.ts";
import type { LazyContext } from "../lazy.ts";
import { safeImage } from "../links.ts";
import { adoptOnce } from "../styles.ts";
import { type Pictures, openViewer } from "../viewer.ts";
import { readableSize } from "../words.ts";
import css from "../../styles/file.css";

export const saysMore = true;

/** As src/ui/rich.rs writes it. `isSettled`: without an address it is not to be had any more. */
type Told = [id: string, name: string, url: string, kind: string, size_bytes: number | null, isSettled: boolean];

/** Said before the id of a file that the visitor wants to have. */
const mark = "\0";

const pictures: Pictures = new WeakMap();

export function show(host: HTMLElement, data: unknown, context: LazyContext): void {
  // An address alone is to be opened.
  if (typeof data === "string") return saving(data, context)?.click();
  adoptOnce(context.root, css);
  const [id, given, url, kind, size_bytes, isSettled] = data as Told;
  const { strings, locale } = context;
  const name = given || (strings["attachment"] ?? "");
  const ask = (toHave: boolean) => context.respond((toHave ? mark : "") + id);
  const source = safeImage(url, context);

  const label = (node: HTMLElement, note: string | undefined) => {
    node.append(drawing(sheet), element("span", { part: "file-name", dir: "auto" }, name));
    if (note) node.append(element("span", { part: "file-size" }, note));
    return node;
  };
  const size = size_bytes === null ? undefined : readableSize(size_bytes, locale);
  const save = saving(url, context);
  if (!save) return host.append(label(element("div", { part: "file" }), isSettled && !url ? strings["file_gone"] : size));
  label(save, size);
  save.setAttribute("aria-description", strings["download"] ?? "");
  if (id) instead(save, () => ask(true));
  if (source && kind === "image") {
    const image = element("img", { part: "image", alt: name, loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" });
    image.addEventListener("error", () => ask(false));
    image.src = source;
    const picture = element("a", { part: "picture", href: save.href, target: "_blank", rel: save.rel }, image);
    pictures.set(picture, { id, ask });
    instead(picture, () => openViewer(picture, pictures, context));
    host.append(picture);
  } else if (source && (kind === "audio" || kind === "video")) {
    const player = element(kind, { part: kind, controls: "", preload: "metadata", playsinline: "", "aria-label": name });
    player.addEventListener("error", () => ask(false));
    player.src = source;
    host.append(player, save);
  } else {
    host.append(save);
  }
}

/** A link to the file; plain http will do for the platform's own host alone. */
function saving(url: string, context: LazyContext): HTMLAnchorElement | undefined {
  return safeImage(url, context) || /^https:/i.test(url) ? link("file", url, "") : undefined;
}

function instead(link: HTMLAnchorElement, act: () => void): void {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    act();
  });
}
