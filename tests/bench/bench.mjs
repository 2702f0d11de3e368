// `npm run bench`: what messages cost in a real Chromium, against the budgets. The page has a platform within itself
// (page.js) in place of the network; everything else is the product as it ships. `--messages N` for a shorter run.
// Spans are by the wall clock, as the budgets are. What a bare list and a bare field take in the same minutes stands beside
// them: one machine is three times as fast as another, and a busy one now and then half as fast as itself.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { Stop, flag, main, mustRun, progress, root } from "../../www/scripts/command.mjs";
import { build } from "../../www/scripts/build.mjs";
import { setUpTests } from "../../www/scripts/setup.mjs";

const messages = Number(flag("messages") ?? 10_000);
/** Of what is measured once a page, the median of so many pages counts. */
const rounds = 3;
const keys = "the quick brown fox jumps over the lazy dog";

const html = `<!doctype html><html lang="en"><title>Bench</title><link rel="icon" href="data:,"><textarea id="bare"></textarea>
  <script src="/page.js"></script>
  <script src="/dist/guest-messenger.js" data-deployment-id="bench" data-endpoint="/"></script>`;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

await main(async () => {
  const { chrome } = await setUpTests();
  await build();
  const { chromium } = await import("@playwright/test");
  const rows = await core();
  const server = await serve();
  const browser = await chromium.launch({ executablePath: chrome, args: ["--no-sandbox", "--disable-gpu", "--disable-background-timer-throttling", "--disable-renderer-backgrounding"] });
  const address = `http://127.0.0.1:${server.address().port}/`;
  try {
    progress(`${messages} messages one by one`);
    rows.push(...(await onPage(browser, address, append)));
    for (const inTask of [100, 1]) {
      progress(`${messages} messages at once, ${inTask} in a task`);
      rows.push(...(await medians(() => onPage(browser, address, (page, devtools) => burst(page, devtools, inTask)))));
    }
    progress("Typing");
    rows.push(...(await medians(() => onPage(browser, address, typing))));
  } finally {
    await browser.close();
    server.close();
  }
  print(rows);
  const over = rows.filter(isOver);
  if (over.length > 0) throw new Stop(`BENCH over: ${over.map(({ name }) => name).join("; ")}.`);
  console.log("BENCH ok");
});

/** The engine alone, natively, on one core. */
async function core() {
  progress("The core, natively");
  const said = await mustRun("cargo", ["bench", "--quiet", "--profile", "fast", "--bench", "core"], "The core's bench failed: the lines above say why.", { capture: true });
  const { inputsASecond, readingNs } = JSON.parse(said.slice(said.lastIndexOf("{")));
  return [
    { name: "core, native: inputs a second", value: inputsASecond, unit: "", least: 500_000 },
    { name: "core, native: a frame read from its text", value: readingNs / 1_000, unit: "µs" },
  ];
}

async function append(page, devtools) {
  const bare_ms = await page.evaluate(() => window.bench.bare(2_000));
  const before = await memory(page, devtools);
  const cpu = await startCpu(devtools);
  const spans_ms = await page.evaluate((count) => window.bench.append(0, count), messages);
  const cpu_ms = await cpu();
  const after = await memory(page, devtools);
  const { spans_ms: frames_ms, longest_ms } = await page.evaluate(() => window.bench.scroll(200));
  const [first_ms, last_ms] = [mean(spans_ms.slice(0, 100)), mean(spans_ms.slice(-100))];
  return [
    { name: "one message, median", value: quantile(spans_ms, 0.5), unit: "ms" },
    { name: "one message, 95 of 100 within", value: quantile(spans_ms, 0.95), unit: "ms", budget: 0.6 },
    { name: "one message, 99 of 100 within", value: quantile(spans_ms, 0.99), unit: "ms" },
    { name: "in a bare list, median", value: quantile(bare_ms, 0.5), unit: "ms" },
    { name: "in a bare list, 95 of 100 within", value: quantile(bare_ms, 0.95), unit: "ms" },
    { name: "one message, CPU, mean", value: cpu_ms / messages, unit: "ms" },
    { name: "last 100 ÷ first 100", value: last_ms / first_ms, unit: "", budget: 1.3 },
    { name: `JS heap a message, at ${messages}`, value: Math.max(0, after.heap_bytes - before.heap_bytes) / messages, unit: "bytes", budget: 1_024 },
    { name: "wasm memory, all", value: after.wasm_bytes / 1_024, unit: "KiB", budget: 2_048 },
    { name: "elements of the messenger", value: await page.evaluate(() => window.bench.elements()), unit: "", budget: 400 },
    { name: "scrolling up: 95 of 100 frames within", value: quantile(frames_ms, 0.95), unit: "ms" },
    { name: "scrolling up: longest task", value: longest_ms, unit: "ms", budget: 50 },
  ];
}

/** The messages are made by the bench, within the page: what that takes is no matter of the messenger's, and is shown beside it. */
async function burst(page, devtools, inTask) {
  await page.evaluate(([count, inTask]) => window.bench.burstToNobody(count, inTask), [messages, inTask]);
  const own_ms = await page.evaluate(([count, inTask]) => window.bench.burstToNobody(count, inTask), [messages, inTask]);
  const cpu = await startCpu(devtools);
  const { span_ms, longest_ms } = await page.evaluate(([count, inTask]) => window.bench.burst(count, inTask), [messages, inTask]);
  return [
    { name: `burst, ${inTask} in a task: to the last bubble`, value: span_ms - own_ms, unit: "ms", budget: 150 },
    { name: `burst, ${inTask} in a task: the bench itself`, value: own_ms, unit: "ms" },
    { name: `burst, ${inTask} in a task: CPU of both`, value: await cpu(), unit: "ms" },
    { name: `burst, ${inTask} in a task: longest task`, value: longest_ms, unit: "ms", budget: 50 },
  ];
}

async function typing(page, devtools) {
  await page.evaluate(() => window.bench.burst(1_000, 100));
  const keyPress_ms = async (field) => {
    await page.locator(field).focus();
    const cpu = await startCpu(devtools);
    for (const key of keys) await page.keyboard.press(key === " " ? "Space" : key, { delay: 20 });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    return (await cpu()) / keys.length;
  };
  return [
    { name: "a key press under 1,000 messages, CPU", value: await keyPress_ms("guest-messenger [part=input]"), unit: "ms", budget: 3 },
    { name: "in a bare field", value: await keyPress_ms("#bare"), unit: "ms" },
  ];
}

/** Row by row the median of some rounds. */
async function medians(measure) {
  const all = [];
  for (let round = 0; round < rounds; round++) all.push(await measure());
  return all[0].map((row, at) => ({ ...row, value: quantile(all.map((rows) => rows[at].value), 0.5) }));
}

async function onPage(browser, address, measure) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(address);
  await page.locator("guest-messenger [part=launcher]").click();
  // With a sign for which the browser has to look for a font: that takes 15 ms, once, and is no matter of the messenger's.
  await page.locator("guest-messenger [part=input]").fill("Hello 👍");
  await page.locator("guest-messenger [part=input]").press("Enter");
  await page.locator("guest-messenger [data-delivery=sent]").waitFor();
  const measured = await measure(page, devtools);
  await page.context().close();
  return measured;
}

/** The main thread's own time: a busy machine hardly lengthens it. */
async function startCpu(devtools) {
  const before_s = await metric(devtools, "TaskDuration");
  return async () => ((await metric(devtools, "TaskDuration")) - before_s) * 1_000;
}

async function memory(page, devtools) {
  for (let round = 0; round < 2; round++) await devtools.send("HeapProfiler.collectGarbage");
  return { heap_bytes: await metric(devtools, "JSHeapUsedSize"), wasm_bytes: await page.evaluate(() => window.bench.memory_bytes()) };
}

async function metric(devtools, name) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find((metric) => metric.name === name).value;
}

/** The page, the built files and the deployment's configuration. History is empty. */
async function serve() {
  const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };
  const config = { status: "Active", messenger: { enabled: true, apps: { conversations: { conversationClear: { enabled: true } } } } };
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://bench").pathname;
    // Isolated pages have a clock of five microseconds, others one of a hundred.
    const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
    const send = (type, body) => response.writeHead(200, { "content-type": type, ...headers }).end(body);
    if (path === "/") return send("text/html; charset=utf-8", html);
    if (path === "/page.js") return send(types[".js"], readFileSync(join(import.meta.dirname, "page.js")));
    if (path.endsWith("/config.json")) return send(types[".json"], JSON.stringify(config));
    if (/^\/dist\/[\w.-]+$/.test(path)) return send(types[extname(path)] ?? "application/octet-stream", readFileSync(join(root, path)));
    response.writeHead(404).end();
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function isOver({ value, budget, least }) {
  return value > (budget ?? Infinity) || value < (least ?? 0);
}

function print(rows) {
  const line = (...[name, value, unit, budget, verdict]) => console.log(`${name.padEnd(44)}${value.padStart(10)} ${unit.padEnd(6)}${budget.padStart(10)}  ${verdict}`.trimEnd());
  line("", "measured", "", "budget", "");
  for (const row of rows) {
    const { name, value, unit, budget, least } = row;
    const limit = budget !== undefined ? `≤ ${budget}` : least !== undefined ? `≥ ${least}` : "";
    line(name, value.toFixed(value < 10 ? 2 : 0), unit, limit, limit && (isOver(row) ? "OVER" : "ok"));
  }
}
