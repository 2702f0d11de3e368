import { GuestMessengerElement } from "./element.ts";
import { defineElement } from "./primordials.ts";

const elementName = "guest-messenger";

let defined = false;

/** Registers the element, once. When another build holds the name, "guest-messenger-1" and so on are tried. */
export function define(): void {
  for (let attempt = 0; attempt < 10 && !defined; attempt++) {
    try {
      defineElement(attempt ? `${elementName}-${attempt}` : elementName, GuestMessengerElement);
      defined = true;
    } catch (error) {
      // The name is taken; anything else is a real failure.
      if ((error as DOMException).name !== "NotSupportedError") throw error;
    }
  }
}
