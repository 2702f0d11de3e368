// Hostile inputs of tests/vectors, or of the file that HOSTILE_INPUTS names. tests/vectors/README.md says which test drives which.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { test } from "@playwright/test";
import { root } from "./stand-in.ts";

export interface Row {
  id: string;
  cat: string;
  surface: string;
  input: unknown;
  /** Begins with a keyword, such as "text", "no-link" or "link:https://…". */
  expect: string;
}

/** Nothing that a generator writes is longer, so that a corpus of others' cannot fill the memory. */
const longest = 12_000_000;

export function allRows(): Row[] {
  const path = process.env["HOSTILE_INPUTS"] ?? join(root, "tests", "vectors", "hostile-inputs.jsonl");
  return readFileSync(path, "utf8").split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
}

/** The rows of a category, all or those of one surface. Another corpus need not have any. */
export function rowsOf(category: string, surface?: string): Row[] {
  const rows = allRows().filter((row) => row.cat === category && (surface ?? row.surface) === row.surface);
  if (rows.length === 0 && !process.env["HOSTILE_INPUTS"]) throw new Error(`The corpus holds nothing of the category ${category}.`);
  return rows;
}

/** Those whose input is a text, or writes one out of at most so many characters. */
export function textRows(category: string, surface: string, most = 4_000): (Row & { input: string })[] {
  return rowsOf(category, surface).flatMap((row) => {
    const input = typeof row.input === "string" ? row.input : cut(row.input, most);
    return input === undefined ? [] : [{ ...row, input }];
  });
}

/** Lets a test that goes through the corpus take its time, however many rows there are and however busy the machine. */
export function takeTime(): void {
  test.setTimeout(120_000 + 1_000 * allRows().length);
}

/** Every text of the corpus, whatever it was written for; those of a generator up to what a message may hold. Half a character is none. */
export function allTexts(): { id: string; input: string }[] {
  return allRows().flatMap(({ id, input }) => {
    const text = typeof input === "string" ? Buffer.from(input).toString() : cut(input, 4_000);
    return text === undefined ? [] : [{ id, input: text }];
  });
}

/** What a generator of texts writes, with fewer repetitions where it would be longer than that. */
function cut(input: unknown, most: number): string | undefined {
  const { gen, unit = "", count = 0 } = (input ?? {}) as Generator;
  if (gen !== "repeat") return undefined;
  return written({ ...(input as Generator), count: Math.min(count, Math.floor(most / Math.max(1, unit.length))) }) as string;
}

interface Generator {
  gen?: string;
  prefix?: string;
  unit?: string;
  suffix?: string;
  close?: string;
  count?: number;
  item?: unknown;
  hex?: string;
  ratio?: number;
}

/** An input of the corpus with its generators written out, at any depth. Throws a sentence about one that nobody knows. */
export function written(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(written);
  if (typeof input !== "object" || input === null) return input;
  const { gen, prefix = "", unit = "", suffix = "", close = "", count = 0, item, hex = "", ratio = 1 } = input as Generator;
  const times = (size: number) => Math.max(0, Math.min(count, Math.floor(longest / Math.max(1, size))));
  switch (gen) {
    case undefined:
      // Entries and no spread, because a key may be `__proto__`.
      return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, written(value)]));
    case "repeat":
      return prefix + unit.repeat(times(unit.length)) + suffix;
    case "repeat-item":
      return Array(times(JSON.stringify(item ?? null).length)).fill(item);
    case "repeat-key":
      return Object.fromEntries(Array.from({ length: times(12) }, (_, at) => [`k${at}`, 1]));
    case "nest":
      return unit.repeat(times(unit.length)) + close.repeat(times(unit.length));
    case "json-string":
      return JSON.stringify("a".repeat(times(1)));
    case "binary":
      return Buffer.from(hex, "hex");
    case "bytes":
      return Buffer.alloc(times(1), "a");
    case "zip-bomb":
      return zip(Buffer.alloc(Math.min(longest, ratio * 1024)));
    default:
      throw new Error(`nobody knows the generator ${gen}`);
  }
}

/** An archive's beginning with one file in it, as far as anybody looks who does not unpack it. */
function zip(content: Buffer): Buffer {
  const packed = deflateRawSync(content);
  const head = Buffer.alloc(31);
  head.write("PK\x03\x04", 0, "latin1");
  head.writeUInt16LE(8, 8);
  head.writeUInt32LE(packed.length, 18);
  head.writeUInt32LE(content.length, 22);
  head.writeUInt16LE(1, 26);
  head.write("a", 30);
  return Buffer.concat([head, packed]);
}

/** Says in the test's output which rows it could not drive, and why: a corpus of others' may hold what is not known here. */
export function notDriven(rows: Map<string, string>): void {
  if (rows.size === 0) return;
  const lines = [...rows].map(([id, why]) => `${id} (${why})`);
  test.info().annotations.push({ type: "not driven", description: lines.join(", ") });
  console.log(`corpus: ${rows.size} rows not driven: ${lines.join(", ")}`);
}
