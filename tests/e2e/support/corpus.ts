// Hostile inputs of tests/vectors, or of the file that HOSTILE_INPUTS names.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./stand-in.ts";

export interface Row {
  id: string;
  cat: string;
  surface: string;
  input: unknown;
  /** Begins with a keyword, such as "text", "no-link" or "link:https://…". */
  expect: string;
}

function read(): Row[] {
  const path = process.env["HOSTILE_INPUTS"] ?? join(root, "tests", "vectors", "hostile-inputs.jsonl");
  return readFileSync(path, "utf8").split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
}

/** The rows of a category whose input is a text. Another corpus need not have any. */
export function textRows(category: string, surface: string): (Row & { input: string })[] {
  const rows = read().filter((row): row is Row & { input: string } => row.cat === category && row.surface === surface && typeof row.input === "string");
  if (rows.length === 0 && !process.env["HOSTILE_INPUTS"]) throw new Error(`The corpus holds no texts of the category ${category}.`);
  return rows;
}

/** Every text of the corpus, whatever it was written for; those of a generator up to what a message may hold. Half a character is none. */
export function allTexts(): { id: string; input: string }[] {
  return read().flatMap(({ id, input }) => {
    if (typeof input === "string") return [{ id, input: Buffer.from(input).toString() }];
    const { gen, prefix = "", unit = "", count = 0, suffix = "" } = (input ?? {}) as { gen?: string; prefix?: string; unit?: string; count?: number; suffix?: string };
    if (gen !== "repeat") return [];
    return [{ id, input: `${prefix}${unit.repeat(Math.min(count, Math.floor(4000 / Math.max(1, unit.length))))}${suffix}` }];
  });
}
