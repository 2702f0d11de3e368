// What the build changes and reads in the wasm's file. The glue and the wasm know each other by long names with hashes in them,
// which hardly compress: 5 KB of the download. wasm-opt gives the wasm short ones and says which; the imports get numbers here.
import { Stop } from "./command.mjs";

/** The option that makes wasm-opt print its table as JSON: `{ imports: [[module, from, to], …], exports: [[from, to], …] }`. */
export const shortNamesOption = "--minify-imports-and-exports-and-modules";

const importSection = 2;
const dataSection = 11;
const functionKind = 0;
const inMemory = 0;
const i32Const = 0x41;

/**
 * The wasm with its imports named by their numbers, of a module without a name; `order` has the names that the glue has for
 * them, in this order. `imports` is that part of the table.
 */
export function numberImports(wasm, imports) {
  const before = new Map(imports.map(([, from, to]) => [to, from]));
  const order = [];
  const sections = [wasm.subarray(0, 8)];
  const reader = new Reader(wasm, 8);
  while (reader.at < wasm.length) {
    const from = reader.at;
    const id = wasm[reader.at++];
    const length = reader.number();
    const end = reader.at + length;
    if (id === importSection) {
      const entries = [];
      for (let left = reader.number(); left > 0; left--) {
        reader.text();
        order.push(before.get(reader.text()));
        const kind = wasm[reader.at++];
        if (kind !== functionKind) throw new Stop(`The wasm imports something else than functions: ${order.at(-1)}`);
        entries.push(text(""), text(String(order.length - 1)), Buffer.of(functionKind), number(reader.number()));
      }
      const content = Buffer.concat([number(order.length), ...entries]);
      sections.push(Buffer.of(importSection), number(content.length), content);
    } else {
      sections.push(wasm.subarray(from, end));
    }
    reader.at = end;
  }
  return { wasm: Buffer.concat(sections), order };
}

/** From where to where the wasm's memory is filled by the file: with what Rust calls static, texts above all, but for some at the end. */
export function constantsOf(wasm) {
  const reader = new Reader(wasm, 8);
  const ends = [];
  while (reader.at < wasm.length) {
    const id = wasm[reader.at++];
    const end = reader.number() + reader.at;
    if (id === dataSection) {
      for (let left = reader.number(); left > 0; left--) {
        if (wasm[reader.at++] !== inMemory || wasm[reader.at++] !== i32Const) throw new Stop("The wasm's data have another form than www/scripts/wasm-file.mjs expects.");
        const start = reader.number();
        // The end of the expression.
        reader.at++;
        const length = reader.number();
        reader.at += length;
        ends.push(start, start + length);
      }
    }
    reader.at = end;
  }
  return { start: Math.min(...ends), end: Math.max(...ends) };
}

/** The glue's source with the wasm's exports by their short names. */
export function shortenExports(glue, exports) {
  const members = new Map(exports);
  return glue.replace(/(?<=\bwasm\.|")\w+/g, (name) => members.get(name) ?? name);
}

/** Numbers are in LEB128, texts have their length before them. */
class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }
}

function number(value) {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.of(...bytes, value);
}

const text = (value) => Buffer.concat([number(value.length), Buffer.from(value)]);
