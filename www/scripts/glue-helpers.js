// In place of wasm-bindgen's own helpers, which serve more than one page: glue.mjs puts the list `imports`
// behind them.
let wasm;

/** Of the text that was passed last. */
let WASM_VECTOR_LEN;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** `connect` in place of `init`: the module is compiled already, and the ways to load one weigh 400 bytes. */
export async function connect(module) {
  wasm = (await WebAssembly.instantiate(module, { "": imports })).exports;
  wasm.__wbindgen_start();
}

/**
 * After a trap the wasm is half-changed and must never be called again, yet the browser still holds its callbacks.
 * wasm-bindgen has no way to take them back.
 */
export function silence() {
  wasm = new Proxy({}, { get: () => () => 0 });
  for (const socket of sockets) socket.close(1000);
}

export const sockets = new Set();

function track(socket) {
  sockets.add(socket);
  socket.addEventListener("close", () => sockets.delete(socket));
  return socket;
}

const guarded = (call) => (...args) => {
  try {
    return call(...args);
  } catch (error) {
    wasm.__wbindgen_exn_store(addToExternrefTable0(error));
  }
};

function addToExternrefTable0(value) {
  const index = wasm.__externref_table_alloc();
  wasm.__wbindgen_externrefs.set(index, value);
  return index;
}

function takeFromExternrefTable0(index) {
  const value = wasm.__wbindgen_externrefs.get(index);
  wasm.__externref_table_dealloc(index);
  return value;
}

const isLikeNone = (value) => value == null;

const someOf = (value) => (isLikeNone(value) ? 0 : addToExternrefTable0(value));

/** As a test can throw of a class that the browser has not. */
const holds = (test) => {
  try {
    return test();
  } catch {
    return false;
  }
};

/** Seen anew each time: the memory's buffer is another one when it has grown. */
const getArrayU8FromWasm0 = (address, length) => new Uint8Array(wasm.memory.buffer, address >>> 0, length);

let view;

/** The same one until the memory has grown: strings come by the dozen with each message. */
const getDataViewMemory0 = () => (view?.buffer === wasm.memory.buffer ? view : (view = new DataView(wasm.memory.buffer)));

/** The texts that stand in the code, by where: most of those that cross, and as new ones the page would have to file them each time. */
const constants = new Map();

function getStringFromWasm0(address, length) {
  let text = constants.get(address);
  if (text?.length !== length) {
    text = decoder.decode(getArrayU8FromWasm0(address, length));
    if (CONSTANTS_START <= address && address < CONSTANTS_END) constants.set(address, text);
  }
  return text;
}

/** The text whose address and length stand at this place. Also after a trap: nothing is called for it. */
export function readText(place) {
  const memory = getDataViewMemory0();
  return getStringFromWasm0(memory.getUint32(place, true), memory.getUint32(place + 4, true));
}

/** Most strings are keys and ids. An array made for each of them would take longer than all else that a message does. */
const scratch = new Uint8Array(4096);

function passStringToWasm0(text) {
  const { read, written } = encoder.encodeInto(text, scratch);
  const bytes = read < text.length ? encoder.encode(text) : scratch.subarray(0, written);
  const address = wasm.__wbindgen_malloc((WASM_VECTOR_LEN = bytes.length), 1);
  getArrayU8FromWasm0(address, WASM_VECTOR_LEN).set(bytes);
  return address;
}

const passSomeString = (text) => (isLikeNone(text) ? 0 : passStringToWasm0(text));

function writeString(out, address) {
  const memory = getDataViewMemory0();
  memory.setInt32(out + 4, WASM_VECTOR_LEN, true);
  memory.setInt32(out, address, true);
}

/** A Rust closure as a function. It is not let go of while it runs, and a mutable one is not to be called by itself. */
function makeClosure(address, vtable, call, isMutable) {
  let count = 1;
  const closure = (...args) => {
    const data = address;
    count++;
    if (isMutable) address = 0;
    try {
      const failure = wasm[call](data, vtable, ...args);
      if (failure?.[1]) throw takeFromExternrefTable0(failure[0]);
    } finally {
      address = data;
      closure.release();
    }
  };
  closure.release = () => {
    if (--count) return;
    wasm.__wbindgen_destroy_closure(address, vtable);
    address = 0;
  };
  return closure;
}
