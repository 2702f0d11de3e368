import { textOn } from "./color.ts";
import type { Appearance } from "./options.ts";
import { body, html, listen, svg } from "./primordials.ts";
import { adopt } from "./styles.ts";
import launcherCss from "../styles/launcher.css";

const chatIcon = "M12 3c5.2 0 9 3.4 9 7.8s-3.8 7.8-9 7.8c-1 0-2-.1-2.9-.4L5 20.6c-.5.3-1-.1-.9-.6l.6-3.6C3.6 15 3 13 3 10.8 3 6.4 6.8 3 12 3z";

/** The host is pinned outside the page's flow; what shows is positioned inside its shadow root. */
const hostStyle = {
  all: "initial",
  display: "block",
  position: "fixed",
  width: "0",
  height: "0",
  "z-index": "2147483647",
};

/** Pages that tidy up once are tolerated, pages that mean it are left alone. */
const maximalReattachments = 3;

/** `<guest-messenger>`: the host, the shadow root and, until the engine takes it over, the launcher. */
export class GuestMessengerElement extends HTMLElement {
  #wanted = false;
  #reattachments = 0;
  readonly #life = new AbortController();

  /** Builds the launcher and puts the element on the page. */
  show({ primaryColor, position, colorScheme }: Appearance, launch: () => unknown, warm: () => unknown): ShadowRoot {
    for (const [name, value] of Object.entries(hostStyle)) this.style.setProperty(name, value, "important");
    if (primaryColor) {
      this.style.setProperty("--gm-primary", primaryColor);
      this.style.setProperty("--gm-on-primary", textOn(primaryColor));
    }
    this.dataset["colorScheme"] = colorScheme;

    const root = this.attachShadow({ mode: "open" });
    adopt(root, launcherCss);
    const button = launcher(launch, warm) as HTMLElement;
    root.append(button);
    // What has the focus on the page is never hidden under the launcher (WCAG 2.2, 2.4.11).
    const yieldToFocus = ({ target }: Event) => {
      const { left, top } = (target as Element).getBoundingClientRect();
      button.style.opacity = `${+(document.elementFromPoint(left, top) !== this)}`;
    };
    listen(document, "focusin", yieldToFocus, this.#life);
    this.#wanted = true;
    body()?.append(this);
    // The page's direction, not the panel's own, which is that of its language.
    const end = getComputedStyle(this).direction === "rtl" ? "left" : "right";
    this.dataset["position"] = position === "auto" ? end : position;
    return root;
  }

  /** Takes the element off the page for good. */
  discard(): void {
    this.#wanted = false;
    this.#life.abort();
    this.remove();
  }

  disconnectedCallback(): void {
    // A move within the page also ends up here, but is connected again by then.
    queueMicrotask(() => {
      if (!this.#wanted || this.isConnected || this.#reattachments >= maximalReattachments) return;
      this.#reattachments++;
      body()?.append(this);
    });
  }
}

function launcher(launch: () => unknown, warm: () => unknown): Element {
  const badge = build(html("span"), { part: "badge", hidden: "" });
  const button = build(
    html("button"),
    // Until the engine knows better.
    { type: "button", part: "launcher", lang: "en", "aria-label": "Open chat", "aria-expanded": "false" },
    build(svg("svg"), { viewBox: "0 0 24 24", "aria-hidden": "true" }, build(svg("path"), { d: chatIcon })),
    badge,
  );
  listen(button, "click", launch);
  // A finger enters too.
  for (const name of ["pointerenter", "focusin"]) listen(button, name, warm, { once: true });
  return button;
}

function build(node: Element, attributes: Record<string, string>, ...children: Element[]): Element {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
