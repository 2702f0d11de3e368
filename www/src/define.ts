import { GuestMessengerElement } from "./element.ts";

const elementName = "guest-messenger";

/** Registers the element. When another build holds the name, "guest-messenger-1" and so on are tried. */
export function define(): void {
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      return customElements.define(attempt ? `${elementName}-${attempt}` : elementName, GuestMessengerElement);
    } catch (error) {
      // The name is taken; anything else is a real failure.
      if ((error as DOMException).name !== "NotSupportedError") throw error;
    }
  }
}
