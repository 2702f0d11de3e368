/** Adds a style sheet to the shadow root. Constructed sheets work where `style-src` forbids every other kind. */
export function adopt(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

const adopted = new WeakMap<ShadowRoot, Set<string>>();

/** The same, however often it is asked for. */
export function adoptOnce(root: ShadowRoot, css: string): void {
  const known = adopted.get(root) ?? new Set();
  if (known.has(css)) return;
  adopted.set(root, known.add(css));
  adopt(root, css);
}
