// The door to the DOM for what is shown by TypeScript: nodes are made here, and no string is ever parsed as markup.
import { safeHref } from "./links.ts";

const { createElement } = Document.prototype;

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
