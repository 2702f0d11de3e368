import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./command.mjs";

/** The names of the views of www/src/lazy, each a file of its own in dist/. */
export function lazyViewNames() {
  const extension = ".ts";
  const files = readdirSync(join(root, "www", "src", "lazy")).filter((name) => name.endsWith(extension));
  return files.map((name) => name.slice(0, -extension.length)).sort();
}
