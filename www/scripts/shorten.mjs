// The glue and the wasm know each other by long names with hashes in them, which hardly compress: 5 KB of the download.
// wasm-opt gives the wasm short ones and says which; here the glue follows.
import { Stop } from "./command.mjs";

/** The option that makes wasm-opt print the table as JSON. */
export const shortenOption = "--minify-imports-and-exports-and-modules";

/** All modules that the wasm imports from are called so afterwards. */
const moduleName = "a";

/** The glue's source with the names of the table: `{ imports: [[module, from, to], …], exports: [[from, to], …] }`. */
export function shorten(glue, { imports, exports }) {
  const keys = new Map(imports.map(([, from, to]) => [from, to]));
  const members = new Map(exports);
  const modules = new Set(imports.map(([module]) => module));
  const unused = new Set(keys.keys());

  const shortened = glue
    .replace(/^(\s+)(\w+)(?=: )/gm, (line, indent, name) => {
      if (!keys.has(name)) return line;
      unused.delete(name);
      return `${indent}${keys.get(name)}`;
    })
    .replace(/\bwasm\.(\w+)/g, (member, name) => (members.has(name) ? `wasm.${members.get(name)}` : member))
    .replace(/^(\s+)"([^"]+)"(?=: import)/gm, (line, indent, name) => (modules.has(name) ? `${indent}${moduleName}` : line));

  if (unused.size > 0 || modules.size !== 1) {
    throw new Stop(`wasm-bindgen's glue has another form than www/scripts/shorten.mjs expects: ${[...unused, ...modules].join(", ")}.`);
  }
  return shortened;
}
