// Bundles each *.test.ts of this folder and runs it with Node's own test runner. The last line carries the counts.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { environment, mustRun, main, root } from "../../www/scripts/command.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(root, "target", "page-tests");

await main(async () => {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const tests = readdirSync(here).filter((name) => name.endsWith(".test.ts"));
  await build({
    entryPoints: tests.map((name) => join(here, name)),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
  });
  const files = tests.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
  await mustRun("node", ["--enable-source-maps", "--test", "--test-reporter=spec", ...files], "A page test failed: the lines above say which.", { env: environment });
});
