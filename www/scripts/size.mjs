// Weighs what a page downloads and holds it to the budgets.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { Stop, isMain, main, root } from "./command.mjs";
import { lazyViewNames } from "./lazy-views.mjs";

const dist = join(root, "dist");
const launcherBudgetBytes = 4096;
const chatBudgetBytes = 98304;
const chatGoalBytes = 81920;
const wasmGoalBytes = 65536;
const lazyViewBudgetBytes = 8192;
const localeBudgetBytes = 2048;

/** Prints the table; throws a `Stop` when a hard budget is broken. */
export function size() {
  if (!existsSync(join(dist, "guest-messenger.js"))) throw new Stop("Nothing is built yet: run `npm run build`.");
  const loader = weigh(["guest-messenger.js"]);
  const rules = weigh([only(/^rules-.*\.js$/)]);
  const nothing = weigh([]);
  const paths = [
    // The rules judge what the launcher does not know, as everything of the conversations API.
    { api: "guest", more: nothing },
    { api: "conversations", more: rules },
  ].map(({ api, more }) => {
    const script = weigh([only(new RegExp(`^engine-${api}-.*\\.js$`))]);
    const wasm = weigh([only(new RegExp(`^engine-${api}-.*\\.wasm$`))]);
    return { api, script, wasm, chat: sum(loader, more, script, wasm) };
  });
  const views = lazyViewNames().map((name) => ({ name, weight: weigh([only(new RegExp(`^${name}-[0-9a-f]{8}\\.js$`))]) }));
  const locales = readdirSync(join(dist, "locales")).map((name) => ({ name, ...weigh([join("locales", name)]) }));
  const heaviest = locales.sort((one, other) => other.brotli - one.brotli)[0];
  const rows = [
    ["launcher, before any interaction", loader, `≤ ${kib(launcherBudgetBytes)}`],
    ["rules for rare options", rules, ""],
    ...paths.flatMap(({ api, script, wasm, chat }) => [
      [`${api}: engine script`, script, ""],
      [`${api}: wasm`, wasm, `goal ≤ ${kib(wasmGoalBytes)}`],
      [`${api}: all, to a usable chat`, chat, `goal ≤ ${kib(chatGoalBytes)}, limit ${kib(chatBudgetBytes)}`],
    ]),
    [`another language, at most (${heaviest.name.split("-")[0]})`, heaviest, `≤ ${kib(localeBudgetBytes)}`],
    ...views.map(({ name, weight }) => [`${name}, when first shown`, weight, `≤ ${kib(lazyViewBudgetBytes)}`]),
  ];
  console.log(line("KiB", "raw", "gzip -9", "brotli 11", ""));
  for (const [name, weight, budget] of rows) {
    console.log(line(name, kib(weight.raw), kib(weight.gzip), kib(weight.brotli), budget));
  }
  const broken = [];
  if (loader.brotli > launcherBudgetBytes) broken.push(`the launcher path weighs ${loader.brotli} bytes, its budget is ${launcherBudgetBytes}`);
  for (const { api, chat } of paths) {
    if (chat.brotli > chatBudgetBytes) broken.push(`a usable chat by the ${api} API weighs ${chat.brotli} bytes, its limit is ${chatBudgetBytes}`);
  }
  if (heaviest.brotli > localeBudgetBytes) broken.push(`${heaviest.name} weighs ${heaviest.brotli} bytes, a language's budget is ${localeBudgetBytes}`);
  for (const { name, weight } of views) {
    if (weight.brotli > lazyViewBudgetBytes) broken.push(`the view ${name} weighs ${weight.brotli} bytes, its budget is ${lazyViewBudgetBytes}`);
  }
  if (broken.length > 0) throw new Stop(`SIZE over: ${broken.join("; ")} (brotli).`);
  const chats = paths.map(({ api, chat, wasm }) => `chat by ${api} ${kib(chat.brotli)} KiB, its wasm ${kib(wasm.brotli)} KiB`);
  console.log(`SIZE ok: launcher ${kib(loader.brotli)} KiB, ${chats.join(", ")} (brotli)`);
}

function only(pattern) {
  const names = readdirSync(dist).filter((name) => pattern.test(name));
  if (names.length !== 1) throw new Stop(`dist/ should hold one file like ${pattern}: run \`npm run build\`.`);
  return names[0];
}

function weigh(names) {
  return sum(
    ...names.map((name) => {
      const contents = readFileSync(join(dist, name));
      const brotli = brotliCompressSync(contents, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length },
      });
      return { raw: contents.length, gzip: gzipSync(contents, { level: 9 }).length, brotli: brotli.length };
    }),
  );
}

function sum(...weights) {
  const total = { raw: 0, gzip: 0, brotli: 0 };
  for (const weight of weights) for (const key of Object.keys(total)) total[key] += weight[key];
  return total;
}

function kib(bytes) {
  return (bytes / 1024).toFixed(1);
}

function line(name, raw, gzip, brotli, budget) {
  return `${name.padEnd(34)}${raw.padStart(8)}${gzip.padStart(9)}${brotli.padStart(11)}  ${budget}`.trimEnd();
}

if (isMain(import.meta.url)) await main(async () => size());
