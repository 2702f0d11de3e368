// The door to the DOM for what is shown by TypeScript: nodes are made here, and no string is ever parsed as markup.
import { safeHref } from "./links.ts";

const { createElement, createElementNS } = Document.prototype;

type Child = Node | string | undefined;

/** An element with attributes and children. Attributes that are undefined are left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  // Called on the prototype: `<img name=createElement>` in the page replaces `document.createElement`.
  const made = createElement.call(document, tag) as HTMLElementTagNameMap[Tag];
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A link that opens elsewhere and tells nothing of the page, or undefined for an address that may not be opened. */
export function link(part: string, address: string, label: string): HTMLAnchorElement | undefined {
  const href = safeHref(address);
  return href === undefined ? undefined : element("a", { part, href, dir: "auto", target: "_blank", rel: "noopener noreferrer nofollow" }, label);
}

/** A drawing 24 units square, in the colour of the text around it: as in src/ui/icons.rs. */
export function drawing(outline: string): Element {
  const namespace = "http://www.w3.org/2000/svg";
  const make = (tag: string, attributes: Readonly<Record<string, string>>) => {
    const made = createElementNS.call(document, namespace, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const lines = { fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round" };
  const drawn = make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", ...lines });
  drawn.append(make("path", { d: outline }));
  return drawn;
}
