// Keeps what has the focus where it is while the transcript grows.

/**
 * The transcript keeps to its bottom as long as nobody scrolls up. Whoever is filling in an offer would see it pushed away by
 * the messages that arrive, or by what a press has just unfolded: while the focus is in the host, it stays where it is.
 */
export function holdFocused(host: HTMLElement): void {
  let stop: (() => void) | undefined;
  host.addEventListener("focusin", ({ target }) => {
    stop?.();
    const transcript = host.closest("[part=transcript]");
    const list = host.closest("[part=list]");
    if (transcript && list) stop = hold(target as HTMLElement, transcript, list);
  });
  host.addEventListener("focusout", () => stop?.());
}

/** Returns what ends it. */
function hold(node: HTMLElement, transcript: Element, list: Element): () => void {
  const isFocused = () => (node.getRootNode() as ShadowRoot).activeElement === node;
  const measure = () => {
    const [{ top, bottom }, view] = [node.getBoundingClientRect(), transcript.getBoundingClientRect()];
    const isInView = bottom > view.top && top < view.bottom;
    return { top: top - view.top, isInView, sizes: `${list.clientHeight} ${transcript.clientHeight}` };
  };
  let place = measure();
  // What has given it the focus may go on to bring it into view, and that event comes too late for sizes that change in the same frame.
  queueMicrotask(() => (place = measure()));
  const onScroll = () => {
    const now = measure();
    // With other sizes it may be the transcript's own scrolling, which is about to be undone.
    if (now.sizes === place.sizes) place = now;
  };
  // Made later than the transcript's own, it has the last word before anything is painted.
  const observer = new ResizeObserver(() => {
    if (!isFocused()) return stop();
    const moved = measure().top - place.top;
    transcript.scrollTop += moved;
    if (place.isInView) node.scrollIntoView({ block: "nearest", inline: "nearest" });
    place = measure();
    // At once: the next painting of the transcript is to know that it does not keep to the bottom.
    if (moved !== 0) transcript.dispatchEvent(new Event("scroll"));
  });
  const stop = () => {
    observer.disconnect();
    transcript.removeEventListener("scroll", onScroll);
  };
  transcript.addEventListener("scroll", onScroll);
  observer.observe(list);
  observer.observe(transcript);
  return stop;
}
