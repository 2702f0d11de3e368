// What goes over a page's sockets, as the browser saw it.
import type { Page } from "@playwright/test";
import type { Json } from "./control.ts";

export class Wire {
  /** The address of each socket, in the order of opening. */
  readonly addresses: string[] = [];
  /** The frames that the page sent, over all its sockets. */
  readonly sent: Json[] = [];
  /** The frames that the page got. */
  readonly received: Json[] = [];
  readonly #sentAt_ms = new Map<Json, number>();

  static watch(page: Page): Wire {
    const wire = new Wire();
    page.on("websocket", (socket) => {
      wire.addresses.push(socket.url());
      socket.on("framesent", ({ payload }) => {
        const frame = JSON.parse(String(payload));
        wire.sent.push(frame);
        wire.#sentAt_ms.set(frame, Date.now());
      });
      socket.on("framereceived", ({ payload }) => wire.received.push(asJson(String(payload))));
    });
    return wire;
  }

  /** The messages of this type that the page sent, sent again included: "Text", "Event", "Receipt". */
  messages(type: string): Json[] {
    return this.sent.filter((frame) => frame["action"] === "onMessage" && (frame["message"] as Json)["type"] === type);
  }

  /** When the page sent this frame. */
  sentAt_ms(frame: Json): number {
    return this.#sentAt_ms.get(frame) ?? Number.NaN;
  }
}

/** Tests also send what is no JSON. */
function asJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}
