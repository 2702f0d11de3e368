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

/** The rows of a category whose input is a text. Another corpus need not have any. */
export function textRows(category: string, surface: string): (Row & { input: string })[] {
  const other = process.env["HOSTILE_INPUTS"];
  const path = other ?? join(root, "tests", "vectors", "hostile-inputs.jsonl");
  const lines = readFileSync(path, "utf8").split("\n").filter((line) => line.trim());
  const all: Row[] = lines.map((line) => JSON.parse(line));
  const rows = all.filter((row): row is Row & { input: string } => row.cat === category && row.surface === surface && typeof row.input === "string");
  if (rows.length === 0 && !other) throw new Error(`The corpus holds no texts of the category ${category}.`);
  return rows;
}
