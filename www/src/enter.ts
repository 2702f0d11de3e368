/** Enter breaks the line in the composer, and is left to the browser; with Ctrl or Cmd it comes through and sends. */
export function breakWithEnter(root: ShadowRoot): void {
  const input = root.querySelector("[part=input]");
  input?.setAttribute("enterkeyhint", "enter");
  const keep = (event: Event) => {
    const { key, ctrlKey, metaKey } = event as KeyboardEvent;
    if (key === "Enter" && !ctrlKey && !metaKey && event.target === input) event.stopPropagation();
  };
  root.addEventListener("keydown", keep, { capture: true });
}
