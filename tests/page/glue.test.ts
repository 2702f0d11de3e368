import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
// @ts-expect-error The scripts of the build have no types.
import { fitGlue } from "../../www/scripts/glue.mjs";
// @ts-expect-error
import { constantsOf, numberImports, shortenExports } from "../../www/scripts/wasm-file.mjs";

/** As wasm-bindgen writes it, of each thing one. */
const glue = `
export class Messenger {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        MessengerFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_messenger_free(ptr, 0);
    }
    constructor(root) {
        const ret = wasm.messenger_new(root);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        MessengerFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    grant(given) {
        var ptr0 = isLikeNone(given) ? 0 : passStringToWasm0(given, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
        var len0 = WASM_VECTOR_LEN;
        wasm.messenger_grant(this.__wbg_ptr, ptr0, len0);
    }
    send(text) {
        const ptr0 = passStringToWasm0(text, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
        const len0 = WASM_VECTOR_LEN;
        wasm.messenger_send(this.__wbg_ptr, ptr0, len0);
    }
}
if (Symbol.dispose) Messenger.prototype[Symbol.dispose] = Messenger.prototype.free;
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg__wbg_cb_unref_1: function(arg0) {
            arg0._wbg_cb_unref();
        },
        __wbg_call_1: function() { return handleError(function (arg0, arg1) {
            const ret = arg0.call(arg1);
            return ret;
        }, arguments); },
        __wbg_document_1: function(arg0) {
            const ret = arg0.document;
            return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
        },
        __wbg_getAttribute_1: function(arg0, arg1, arg2, arg3) {
            const ret = arg1.getAttribute(getStringFromWasm0(arg2, arg3));
            var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
            var len1 = WASM_VECTOR_LEN;
            getDataViewMemory0().setInt32(arg0 + 4 * 1, len1, true);
            getDataViewMemory0().setInt32(arg0 + 4 * 0, ptr1, true);
        },
        __wbg_href_1: function(arg0, arg1) {
            const ret = arg1.href;
            const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
            const len1 = WASM_VECTOR_LEN;
            getDataViewMemory0().setInt32(arg0 + 4 * 1, len1, true);
            getDataViewMemory0().setInt32(arg0 + 4 * 0, ptr1, true);
        },
        __wbg_instanceof_Nothing_1: function(arg0) {
            let result;
            try {
                result = arg0 instanceof Nothing;
            } catch (_) {
                result = false;
            }
            const ret = result;
            return ret;
        },
        __wbg_new_1: function() { return handleError(function (arg0, arg1) {
            const ret = new WebSocket(getStringFromWasm0(arg0, arg1));
            return ret;
        }, arguments); },
        __wbg_new_2: function(arg0, arg1) {
            try {
                var state0 = {a: arg0, b: arg1};
                var cb0 = (arg0, arg1) => {
                    const a = state0.a;
                    state0.a = 0;
                    try {
                        return wasm_bindgen__settled(a, state0.b, arg0, arg1);
                    } finally {
                        state0.a = a;
                    }
                };
                const ret = new Promise(cb0);
                return ret;
            } finally {
                state0.a = 0;
            }
        },
        __wbg_static_accessor_GLOBAL_1: function() {
            const ret = typeof global === 'undefined' ? null : global;
            return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
        },
        __wbindgen_generic_0000000000000001: function(arg0, arg1) {
            // Cast intrinsic for \`Closure(Closure { … }) -> Externref\`.
            const ret = makeClosure(arg0, arg1, wasm_bindgen__called);
            return ret;
        },
        __wbindgen_generic_0000000000000002: function(arg0, arg1) {
            // Cast intrinsic for \`Closure(Closure { … }) -> Externref\`.
            const ret = makeMutClosure(arg0, arg1, wasm_bindgen__tried);
            return ret;
        },
    };
    return {
        __proto__: null,
        "./guest_messenger_bg.js": import0,
    };
}

function wasm_bindgen__called(arg0, arg1, arg2) {
    wasm.wasm_bindgen__called(arg0, arg1, arg2);
}

function wasm_bindgen__tried(arg0, arg1) {
    const ret = wasm.wasm_bindgen__tried(arg0, arg1);
    if (ret[1]) {
        throw takeFromExternrefTable0(ret[0]);
    }
}

function wasm_bindgen__settled(arg0, arg1, arg2, arg3) {
    wasm.wasm_bindgen__settled(arg0, arg1, arg2, arg3);
}


const __wbindgen_enum_BinaryType = ["blob", "arraybuffer"];

function addToExternrefTable0(obj) {
    return 0;
}

let wasmModule, wasmInstance, wasm;
`;

const order = [...glue.matchAll(/^ {8}(\w+): function/gm)].map(([, name]) => name!).reverse();

/** Where a page's code has its texts. */
const constants = { start: 0x4000, end: 0x5000 };

const folder = mkdtempSync(join(tmpdir(), "guest-messenger-"));
after(() => rmSync(folder, { recursive: true }));
let pages = 0;

/** A page with the fitted glue, and in place of the wasm what keeps texts and values as Rust would. */
async function page(more: Record<string, unknown> = {}) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const externrefs = [undefined] as unknown[];
  let end = 64;
  let kept: unknown;
  const exports = {
    memory,
    __wbindgen_start: () => 0,
    __wbindgen_malloc: (length: number) => (end += length) - length,
    __wbindgen_externrefs: { get: (at: number) => externrefs[at], set: (at: number, value: unknown) => void (externrefs[at] = value) },
    __externref_table_alloc: () => externrefs.length,
    __externref_table_dealloc: (at: number) => delete externrefs[at],
    __wbindgen_exn_store: (at: number) => (kept = externrefs[at]),
    ...more,
  };
  const instantiate = WebAssembly.instantiate;
  let list: ((...args: any[]) => any)[] = [];
  WebAssembly.instantiate = (async (_: unknown, imports: Record<string, typeof list>) => {
    list = imports[""]!;
    return { exports };
  }) as unknown as typeof instantiate;
  const path = join(folder, `${++pages}.mjs`);
  writeFileSync(path, fitGlue(glue, order, constants));
  const module = await import(path);
  await module.connect();
  WebAssembly.instantiate = instantiate;
  const text = (at: number) => {
    const [address, length] = new Uint32Array(memory.buffer, at, 2);
    return address ? new TextDecoder().decode(new Uint8Array(memory.buffer, address, length)) : undefined;
  };
  const put = (text: string, address = 0x8000) => {
    const bytes = new TextEncoder().encode(text);
    new Uint8Array(memory.buffer, address).set(bytes);
    return [address, bytes.length];
  };
  return { module, imports: (name: string) => list[order.indexOf(name)]!, text, put, externrefs, kept: () => kept };
}

test("texts cross both ways whole, and one that is not there is told from an empty one", async () => {
  const { imports, text, put } = await page();
  const attributes: Record<string, string> = { "größe 😀": "“yes” 👍", empty: "" };
  const element = { getAttribute: (name: string) => attributes[name] ?? null };
  const read = imports("__wbg_getAttribute_1");
  read(8, element, ...put("größe 😀"));
  assert.equal(text(8), "“yes” 👍");
  read(8, element, ...put("empty"));
  assert.equal(text(8), "");
  read(8, element, ...put("none"));
  assert.equal(text(8), undefined);
  imports("__wbg_href_1")(16, { href: "https://a.example/ü" });
  assert.equal(text(16), "https://a.example/ü");
});

test("the texts of the code are read once, all others each time", async () => {
  const { imports, put } = await page();
  const asked: string[] = [];
  const element = { getAttribute: (name: string) => void asked.push(name) };
  const read = (...text: number[]) => imports("__wbg_getAttribute_1")(8, element, ...text);
  const { start, end } = constants;
  for (const address of [start - 4, start, end - 3, end]) {
    read(...put("one", address));
    read(...put("two", address));
    // Nobody writes there, so that this is seen.
    assert.deepEqual(asked.splice(0), address >= start && address < end ? ["one", "one"] : ["one", "two"], String(address));
  }
  read(...put("three", start));
  read(...put("größe", start + 8));
  read(...put("große", start + 8));
  assert.deepEqual(asked, ["three", "größe", "große"], "one of another length, and those with letters of two bytes");
});

test("a value that is there goes into the table, and none is zero", async () => {
  const { imports, externrefs } = await page();
  const document = {};
  assert.equal(externrefs[imports("__wbg_document_1")({ document })], document);
  assert.equal(imports("__wbg_document_1")({ document: null }), 0);
});

test("what a call throws is kept for Rust", async () => {
  const { imports, kept } = await page();
  const fault = new Error("told");
  const call = imports("__wbg_call_1");
  assert.equal(call({ call: (self: number) => self + 1 }, 1), 2);
  call({
    call: () => {
      throw fault;
    },
  });
  assert.equal(kept(), fault);
});

test("nothing is of a class that the browser has not", async () => {
  const { imports } = await page();
  assert.equal(imports("__wbg_instanceof_Nothing_1")({}), false);
});

test("a closure that is let go of while it runs is destroyed afterwards, once", async () => {
  const log: unknown[] = [];
  const { imports } = await page({
    wasm_bindgen__called: (data: number, vtable: number, argument: unknown) => {
      log.push(["called", data, vtable, argument]);
      release();
    },
    __wbindgen_destroy_closure: (data: number, vtable: number) => log.push(["destroyed", data, vtable]),
  });
  const closure = imports("__wbindgen_generic_0000000000000001")(5, 6);
  const release = () => imports("__wbg__wbg_cb_unref_1")(closure);
  closure("click");
  assert.deepEqual(log, [["called", 5, 6, "click"], ["destroyed", 5, 6]]);
});

test("a mutable closure finds nothing of itself while it runs, and throws what Rust gives it to throw", async () => {
  const log: number[] = [];
  const fault = new Error("told");
  const { imports, externrefs } = await page({
    wasm_bindgen__tried: (data: number) => {
      log.push(data);
      if (data) closure();
      return [externrefs.push(fault) - 1, data ? 1 : 0];
    },
  });
  const closure = imports("__wbindgen_generic_0000000000000002")(5, 6);
  assert.throws(closure, fault);
  assert.throws(closure, fault);
  assert.deepEqual(log, [5, 0, 5, 0]);
});

test("a promise is settled by Rust", async () => {
  const { imports } = await page({ wasm_bindgen__settled: (one: number, other: number, resolve: (sum: number) => void) => resolve(one + other) });
  assert.equal(await imports("__wbg_new_2")(1, 2), 3);
});

test("the messenger hands texts over by address and length, and is freed by its own", async () => {
  const log: unknown[] = [];
  const take = (...args: unknown[]) => void log.push(args);
  const { module } = await page({ messenger_new: () => [7, 0, 0], messenger_grant: take, messenger_send: take, __wbg_messenger_free: take });
  const messenger = new module.Messenger();
  messenger.send("héllo");
  messenger.grant(undefined);
  messenger.free();
  assert.deepEqual(log.map((args) => (args as number[]).slice(0, 2)), [[7, 64], [7, 0], [7, 0]]);
  assert.equal((log[0] as number[])[2], 6);
});

test("after a trap nothing reaches the wasm, and its sockets are closed", async () => {
  const closed: number[] = [];
  const before = globalThis.WebSocket;
  globalThis.WebSocket = class extends EventTarget {
    close = (code: number) => closed.push(code);
  } as unknown as typeof WebSocket;
  const { module, imports, put } = await page({ wasm_bindgen__called: () => assert.fail("called") });
  const closure = imports("__wbindgen_generic_0000000000000001")(5, 6);
  imports("__wbg_new_1")(...put("wss://a.example"));
  const ended = imports("__wbg_new_1")(...put("wss://b.example"));
  globalThis.WebSocket = before;
  ended.dispatchEvent(new Event("close"));
  module.silence();
  closure("click");
  assert.deepEqual(closed, [1000]);
});

test("glue of another form is refused", () => {
  const names = order.concat("__wbg_next_1");
  const added = (body: string) => glue.replace("        __wbg_call_1:", `        __wbg_next_1: ${body},\n        __wbg_call_1:`);
  assert.doesNotThrow(() => fitGlue(added("function(arg0) {\n            arg0.next();\n        }"), names, constants));
  assert.throws(() => fitGlue(added("(arg0) => arg0.next()"), names, constants), /expects: .*__wbg_next_1/s);
  assert.throws(() => fitGlue(added("function(arg0) {\n            getArrayJsValueFromWasm0(arg0);\n        }") + "function getArrayJsValueFromWasm0(ptr) {\n}\n", names, constants), /expects: getArrayJsValueFromWasm0/);
  assert.throws(() => fitGlue(added("function(arg0, arg1) {\n            const ret = makeClosure(arg0, arg1, wasm_bindgen__other);\n            return ret;\n        }"), names, constants), /expects: wasm_bindgen__other/);
  assert.throws(() => fitGlue(glue.replace("var state0 =", "let state0 ="), order, constants), /expects: wasm_bindgen__settled/);
  assert.throws(() => fitGlue(glue.replace("_wbg_cb_unref()", "unref()"), order, constants), /expects: .*unref/);
  assert.throws(() => fitGlue(glue, order.slice(1), constants), /expects: imports/);
});

test("imports get their numbers for names, and exports short ones", async () => {
  const byte = (text: string) => [text.length, ...Buffer.from(text)];
  const imported = (name: string, type: number) => [...byte("env"), ...byte(name), 0, type];
  const section = (id: number, content: number[]) => [id, content.length, ...content];
  // Types () → i32 and (i32) → (); the second import is called with what the first one gives.
  const wasm = Buffer.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 0]),
    ...section(2, [2, ...imported("a", 0), ...imported("b", 1)]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...byte("c"), 0, 2]),
    ...section(10, [1, 8, 0, 0x10, 0, 0x10, 1, 0x41, 42, 0x0b]),
  ]);
  const numbered = numberImports(wasm, [["env", "second", "b"], ["env", "first", "a"]]);
  assert.deepEqual(numbered.order, ["first", "second"]);
  const taken: number[] = [];
  const { instance } = (await WebAssembly.instantiate(numbered.wasm, { "": [() => 7, (value: number) => taken.push(value)] as any })) as any;
  assert.equal(instance.exports.c(), 42);
  assert.deepEqual(taken, [7]);
  assert.equal(shortenExports('wasm.run(); call("run"); ran.run', [["run", "c"]]), 'wasm.c(); call("c"); ran.run');
});

test("the texts of the code lie where the file fills the memory", async () => {
  const at = (address: number, text: string) => [0, 0x41, ...address < 64 ? [address] : [(address & 0x7f) | 0x80, address >> 7], 0x0b, text.length, ...Buffer.from(text)];
  const data = [2, ...at(200, "three"), ...at(16, "four")];
  const wasm = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 0, 1, 11, data.length, ...data]);
  await WebAssembly.compile(wasm);
  assert.deepEqual(constantsOf(wasm), { start: 16, end: 205 });
  const passive = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 11, 5, 1, 1, 2, 0x61, 0x62]);
  assert.throws(() => constantsOf(passive), /another form/);
});
