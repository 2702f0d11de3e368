// Pictures of what a message offers.
import { element } from "./dom.ts";
import type { LazyContext } from "./lazy.ts";
import { safeImage } from "./links.ts";
import { type Shape, text } from "./shape.ts";

/** Loaded when it comes near the view, from the platform only; its host learns nothing of the page. */
export function picture(of: Shape, part: string, context: LazyContext): HTMLImageElement | undefined {
  const src = safeImage(text(of, "image"), context);
  return src ? element("img", { part, alt: "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer", src }) : undefined;
}
