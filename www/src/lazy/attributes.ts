// Custom attributes (guest API reference, section 16): what the page tells of the visitor goes along in each message and in joining.
// Added on the way out, because in the wasm it would weigh 240 bytes in every chat. No view.

import type { LazyContext } from "../lazy.ts";

const message = '{"action":"onMessage","message":{';
const carrier = /^"type":"(Text|Structured)"|^"type":"Event","events":\[\{"eventType":"Presence","presence":\{"type":"Join"/;
/** The platform's word for attributes that are too large for it. */
const tooLarge = 4013;

/** From here on, as long as the messenger is on the page, in what its sockets send. */
export function show(_host: HTMLElement, _data: unknown, { root, sockets, options: { attributes = "{}" } }: LazyContext): void {
  const { host } = root;
  let isRefused = false;
  const dress = (socket: WebSocket) => {
    const { send } = socket;
    socket.send = (frame) => {
      const wants = host.isConnected && !isRefused && typeof frame === "string";
      send.call(socket, wants ? attributed(frame, attributes) : frame);
    };
    // The visitor's next try goes without them.
    socket.addEventListener("message", ({ data }) => (isRefused ||= String(data).includes(String(tooLarge)) && codeOf(data) === tooLarge));
  };
  sockets.forEach(dress);
  sockets.add = (socket) => {
    dress(socket);
    return Set.prototype.add.call(sockets, socket) as Set<WebSocket>;
  };
}

/** The frame with the attributes in its message, if it is one that may carry them. */
export function attributed(frame: string, attributes: string): string {
  const rest = frame.slice(message.length);
  return frame.startsWith(message) && carrier.test(rest) ? `${message}"channel":{"metadata":{"customAttributes":${attributes}}},${rest}` : frame;
}

function codeOf(data: unknown): unknown {
  try {
    return JSON.parse(String(data)).code;
  } catch {
    return undefined;
  }
}
