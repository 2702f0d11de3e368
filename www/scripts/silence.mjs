// After a trap the wasm is half-changed and must never be called again, yet the browser still holds its callbacks.
// wasm-bindgen has no way to take them back, so the glue gets one.
import { Stop } from "./command.mjs";

const opened = "new WebSocket(getStringFromWasm0(arg0, arg1))";

const silence = `
const sockets = new Set();

function track(socket) {
    sockets.add(socket);
    socket.addEventListener("close", () => sockets.delete(socket));
    return socket;
}

export function silence() {
    wasm = new Proxy({}, { get: () => () => 0 });
    for (const socket of sockets) socket.close(1000);
}
`;

/** The glue's source with one more export, `silence()`: later calls into the wasm do nothing, its connections end. */
export function withSilence(glue) {
  if (glue.split(opened).length !== 2 || !/^let .*\bwasm;$/m.test(glue)) {
    throw new Stop("wasm-bindgen's glue has another form than www/scripts/silence.mjs expects.");
  }
  return glue.replace(opened, `track(${opened})`) + silence;
}
