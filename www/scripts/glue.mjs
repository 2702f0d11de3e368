// wasm-bindgen's glue in a denser form: 1.9 KB less, compressed. Its table of imports becomes a list of arrow functions, and its
// helpers, which serve any page, those of glue-helpers.js, which serve ours.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Stop, root } from "./command.mjs";

const helpers = readFileSync(join(root, "www", "scripts", "glue-helpers.js"), "utf8");

const messenger = /^export class Messenger \{\n[^]*?^\}$/m;
const table = /^ {4}const import0 = \{\n {8}__proto__: null,\n([^]*?)^ {4}\};$/m;
/** `name: function(parameters) { body }`, the function bare or within what catches its errors. */
const entry = /^ {8}(\w+): function\((?:\) \{ return handleError\(function \()?([^)]*)\) \{\n([^]*?)^ {8}\}(, arguments\); \})?,\n/gm;
const enumeration = /^const __wbindgen_enum_\w+ = \[.*\];$/gm;
const declared = /^(?:async )?(?:function|const|let) (\w+)/gm;

/** What lets Rust call back. It gives nothing, or a failure. */
const invoked = /^function (\w+)\((arg0, arg1(?:, \w+)*)\) \{\n(?: {4}wasm\.\1\(\2\);\n| {4}const ret = wasm\.\1\(\2\);\n {4}if \(ret\[1\]\) \{\n {8}throw takeFromExternrefTable0\(ret\[0\]\);\n {4}\}\n)\}$/gm;

const written = (pass) =>
  new RegExp(
    [
      String.raw`(?:const|var) ptr1 = ${pass}\(ret, wasm\.__wbindgen_malloc, wasm\.__wbindgen_realloc\);`,
      String.raw`(?:const|var) len1 = WASM_VECTOR_LEN;`,
      String.raw`getDataViewMemory0\(\)\.setInt32\(arg0 \+ 4 \* 1, len1, true\);`,
      String.raw`getDataViewMemory0\(\)\.setInt32\(arg0 \+ 4 \* 0, ptr1, true\);`,
    ].join(String.raw`\n\s+`),
    "g",
  );

/** Each has something to replace, but what is seldom: else wasm-bindgen writes it in another way by now. */
const ofMessenger = [
  // Nothing else lets go of it: `free` is called when it has been destroyed.
  [/ {4}__destroy_into_raw\(\) \{\n[^]*?^ {4}\}\n/m, ""],
  [/const ptr = this\.__destroy_into_raw\(\);\n\s+(wasm\.\w+)\(ptr, 0\)/, "$1(this.__wbg_ptr, 0)"],
  [/^\s+MessengerFinalization\.register\(.*\n/m, ""],
  [/isLikeNone\((\w+)\) \? 0 : passStringToWasm0\(\1, [^)]*\)/g, "passSomeString($1)"],
  [/passStringToWasm0\((\w+), [^)]*\)/g, "passStringToWasm0($1)"],
  [/__wbg_ptr/g, "address"],
];

const ofImports = [
  [written("passStringToWasm0"), "writeString(arg0, passStringToWasm0(ret));"],
  [written(String.raw`isLikeNone\(ret\) \? 0 : passStringToWasm0`), "writeString(arg0, passSomeString(ret));"],
  [/const ret = (.*);\n\s+return isLikeNone\(ret\) \? 0 : addToExternrefTable0\(ret\)/g, "return someOf($1)"],
  [/let result;\n\s+try \{\n\s+result = (.*);\n\s+\} catch \(_\) \{\n\s+result = false;\n\s+\}\n\s+const ret = result;/g, "const ret = holds(() => $1);", "seldom"],
  [/typeof (\w+) === 'undefined' \? null : \1(?=\))/g, "globalThis.$1", "seldom"],
  [/new WebSocket\(getStringFromWasm0\(arg0, arg1\)\)/g, "track($&)"],
  [/\._wbg_cb_unref\b/g, ".release"],
  [/makeClosure\(arg0, arg1, (\w+)\)/g, 'makeClosure(arg0, arg1, "$1")'],
  [/makeMutClosure\(arg0, arg1, (\w+)\)/g, 'makeClosure(arg0, arg1, "$1", true)'],
  // A promise calls it at once and never again. Not every engine makes one itself; another form of it is noticed by its call.
  [/ {12}try \{\n\s+var state0 = .*\n\s+var cb0 = [^]*?return (\w+)\(a, state0\.b, arg0, arg1\);[^]*?state0\.a = 0;\n {12}\}\n/g, "return new Promise((...settle) => wasm.$1(arg0, arg1, ...settle));\n", "seldom"],
];

/**
 * The glue's source for a page that calls `connect(module)` first. `order` has the names of the imports as the wasm counts
 * them, `constants` says where in its memory nothing changes (both wasm-file.mjs). `silence()` makes that later calls into
 * the wasm do nothing and ends its connections.
 */
export function fitGlue(glue, order, constants) {
  const imports = new Map();
  const rest = rewrite(only(glue, table)[1], ofImports).replace(entry, (_, name, parameters, body, isGuarded) => {
    const call = `(${parameters}) => {\n${answering(body)}}`;
    imports.set(name, isGuarded ? `guarded(${call})` : call);
    return "";
  });
  expect(!rest, rest);
  expect(order.length === imports.size, "imports");
  const list = order.map((name) => imports.get(name) ?? expect(false, name));
  const callable = [...glue.matchAll(invoked)].map(([, name]) => name);
  for (const [call, name] of list.join().matchAll(/\bmakeClosure\(arg0, arg1, "(\w+)"|wasm\.(\w+)/g)) expect(callable.includes(name) || call.startsWith("wasm."), name);

  const ours = helpers.replace("CONSTANTS_START", constants.start).replace("CONSTANTS_END", constants.end);
  const fitted = [rewrite(only(glue, messenger)[0], ofMessenger), ours, ...glue.match(enumeration), `const imports = [\n${list.join(",\n")}\n];`].join("\n\n");
  const known = names(fitted);
  for (const name of names(glue)) expect(known.has(name) || !new RegExp(`(?<![\\w".])${name}\\b`).test(fitted), name);
  return fitted;
}

/** A function of one statement has an arrow alone: nobody looks at what it gives. */
const answering = (body) => body.replace(/^ *(?! |const |let |var |return |throw |try )([^;]+);\n$/, "return $1;\n");

const names = (source) => new Set([...source.matchAll(declared)].map(([, name]) => name));

function rewrite(source, rules) {
  return rules.reduce((text, [from, to, seldom]) => {
    const rewritten = text.replace(from, to);
    expect(seldom || rewritten !== text, from);
    return rewritten;
  }, source);
}

const only = (source, pattern) => source.match(pattern) ?? expect(false, pattern);

function expect(isAsExpected, what) {
  if (!isAsExpected) throw new Stop(`wasm-bindgen's glue has another form than www/scripts/glue.mjs expects: ${what}`);
}
