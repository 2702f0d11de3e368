// On a phone the panel is the whole screen: it stays above the keyboard, and the gesture that goes back closes it.
import css from "../../styles/phone.css";
import type { LazyContext } from "../lazy.ts";
import { adoptOnce } from "../styles.ts";

const phone = "(max-width: 600px), (max-height: 480px) and (pointer: coarse)";
/** Marks the entry of the page's history that stands for the open panel. */
const mark = "guest-messenger";

/** Not in every browser, nor in TypeScript's list of what browsers have. */
interface CloseWatcher {
  onclose: (() => void) | null;
  destroy(): void;
}
declare const CloseWatcher: (new () => CloseWatcher) | undefined;

const watched = new WeakSet<Element>();

/** The panel is open. Goes on watching it. */
export function show(_host: HTMLElement, _data: unknown, context: LazyContext): void {
  const panel = context.root.querySelector<HTMLElement>("[part=panel]");
  if (!panel || watched.has(panel)) return;
  watched.add(panel);
  adoptOnce(context.root, css);
  spareKeyboard(panel);
  const keyboard = aboveKeyboard(panel);
  const back = typeof CloseWatcher === "function" ? closedByWatcher(CloseWatcher, context) : closedByBack(context);
  let isOpen = false;
  const look = () => {
    const isOpenNow = panel.isConnected && !panel.hidden && matchMedia(phone).matches;
    if (isOpenNow !== isOpen) {
      isOpen = isOpenNow;
      keyboard(isOpen);
      back(isOpen);
    }
    if (!panel.isConnected) {
      observer.disconnect();
      matchMedia(phone).removeEventListener("change", look);
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(context.root, { attributes: true, attributeFilter: ["hidden"], childList: true, subtree: true });
  matchMedia(phone).addEventListener("change", look);
  look();
}

/** The keyboard comes when the visitor wants to write, and stays while they do. */
function spareKeyboard(panel: HTMLElement): void {
  const input = panel.querySelector<HTMLElement>("[part=input]");
  const transcript = panel.querySelector<HTMLElement>("[part=transcript]");
  // A button that is pressed takes the focus, and the keyboard goes.
  panel.querySelector("[part=send]")?.addEventListener("mousedown", (event) => event.preventDefault());
  if (!input || !transcript) return;
  // By the engine, when the panel is opened and when what had the focus is gone: on a screen of touch that would cover half of it.
  input.focus = (options) => {
    if (input.matches(":focus")) return;
    const place = matchMedia("(pointer: coarse)").matches ? transcript : input;
    HTMLElement.prototype.focus.call(place, options);
  };
}

/** Keyboards cover what is fixed to the page, but not what the visitor sees of it. */
function aboveKeyboard(panel: HTMLElement): (isOpen: boolean) => void {
  const seen = window.visualViewport;
  const fit = () => {
    if (!seen) return;
    // The page's own style may enlarge it.
    const { currentCSSZoom: zoom = 1 } = panel;
    panel.style.setProperty("height", `${seen.height / zoom}px`);
    panel.style.setProperty("top", `${seen.offsetTop / zoom}px`);
  };
  return (isOpen) => {
    for (const name of ["resize", "scroll"]) {
      if (isOpen) seen?.addEventListener(name, fit);
      else seen?.removeEventListener(name, fit);
    }
    if (isOpen) return fit();
    panel.style.removeProperty("height");
    panel.style.removeProperty("top");
  };
}

/** Where the browser tells of the gesture itself, the page's history is left alone. */
function closedByWatcher(Watcher: new () => CloseWatcher, { respond }: LazyContext): (isOpen: boolean) => void {
  let watcher: CloseWatcher | undefined;
  return (isOpen) => {
    watcher?.destroy();
    watcher = isOpen ? new Watcher() : undefined;
    if (watcher) watcher.onclose = () => respond("close");
  };
}

/**
 * Elsewhere there is one entry more in the page's history while the panel is open: a copy of the page's own, so that a
 * router that comes upon it, or is told of going back from it, finds what it expects.
 */
function closedByBack({ respond }: LazyContext): (isOpen: boolean) => void {
  let isOpen = false;
  /** Our own going back is under way. */
  let isLeaving = false;
  /** What is below our entry. */
  let below = "";
  const isOurs = () => (history.state as Record<string, unknown> | null)?.[mark] === true;
  const place = () => JSON.stringify([location.href, { ...(history.state as object | null), [mark]: undefined }]);
  const enter = () => {
    below = place();
    // A reload keeps the entry.
    if (!isOurs()) history.pushState({ ...(history.state as object | null), [mark]: true }, "");
    window.addEventListener("popstate", onPop);
  };
  const onPop = () => {
    // Back from an entry that the page has made over ours: that is the page's.
    if (!isLeaving && (isOurs() || place() !== below)) return;
    window.removeEventListener("popstate", onPop);
    if (!isLeaving) {
      isOpen = false;
      return respond("close");
    }
    isLeaving = false;
    if (isOpen) enter();
  };
  return (isOpenNow) => {
    const wasOpen = isOpen;
    isOpen = isOpenNow;
    if (isLeaving) return;
    if (isOpenNow) return enter();
    isLeaving = wasOpen && isOurs();
    if (isLeaving) history.back();
    else window.removeEventListener("popstate", onPop);
  };
}
