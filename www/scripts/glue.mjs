// What wasm-bindgen's glue lacks, and what of it no page of ours needs.
import { Stop } from "./command.mjs";

const opened = "new WebSocket(getStringFromWasm0(arg0, arg1))";
const wasmVariable = /^let .*\bwasm;$/m;
const printer = /^function debugString\(val\) \{\n[^]*?^\}$/m;

/**
 * `connect` in place of `init`: the module is compiled already, and the ways to load one weigh 400 bytes.
 *
 * After a trap the wasm is half-changed and must never be called again, yet the browser still holds its callbacks.
 * wasm-bindgen has no way to take them back; `silence` has.
 */
const ownExports = `
export async function connect(module) {
    const instance = await WebAssembly.instantiate(module, __wbg_get_imports());
    __wbg_finalize_init(instance, module);
}

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

/** Values are printed for panics alone, and of those the page is told only where they were. */
const shortPrinter = "function debugString(val) {\n    return typeof val;\n}";

/**
 * The glue's source with two more exports: `connect(module)` makes it ready, `silence()` makes that later calls into the
 * wasm do nothing and ends its connections.
 */
export function fitGlue(glue) {
  // A lean engine (lean.mjs) prints no values, and its glue has no printer.
  const isAsExpected = glue.split(opened).length === 2 && wasmVariable.test(glue) && printer.test(glue) === glue.includes("debugString");
  if (!isAsExpected) throw new Stop("wasm-bindgen's glue has another form than www/scripts/glue.mjs expects.");
  return glue.replace(opened, `track(${opened})`).replace(printer, shortPrinter) + ownExports;
}
