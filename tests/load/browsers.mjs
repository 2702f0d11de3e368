// The whole widget in several pages of a headless browser, each with a visitor who really types: what an agent's screen
// has to bear is typing signals, and only a live client sends them.
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { progress } from "../../www/scripts/command.mjs";
import { build } from "../../www/scripts/build.mjs";
import { buildSandbox, startSandbox } from "../../www/scripts/sandbox.mjs";
import { setUpTests } from "../../www/scripts/setup.mjs";

/** A person's. */
const keyPress_ms = 60;
const settleWithin_ms = 60_000;

/** Where the widget is mounted; by the conversations APIs in each of their dialects, one page after the other. */
export const demoPages = {
  guest: ["/"],
  conversations: ["/demo/conversations.html", "/demo/participants.html", "/demo/webchat.html"],
};

/** Prints the report; gives whether nothing was lost, nothing came twice, and somebody was seen to type. */
export async function loadBrowsers(plan) {
  const { chrome } = await setUpTests();
  await build();
  await buildSandbox();
  const sandbox = startSandbox(["--port", "0", "--demo", "www/demo", "--dist", "dist", "--no-bot", "--no-limits", "--json"], { stdout: "pipe" });
  const browser = await chromium.launch({ executablePath: chrome, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const addresses = await firstJsonLine(sandbox.child.stdout);
    if (!plan.json) progress(`${plan.browsers} pages with ${plan.messages} messages each`);
    const started = performance.now();
    const visits = await Promise.all(Array.from({ length: plan.browsers }, (_, number) => visit(browser, addresses.url, number, plan)));
    const seconds = (performance.now() - started) / 1_000;
    const report = { api: plan.api, ...summary(visits, await arrived(addresses.control)), browsers: plan.browsers, seconds };
    console.log(plan.json ? JSON.stringify(report) : table(report));
    return report.lost === 0 && report.duplicated === 0 && report.typingSignals > 0;
  } finally {
    await browser.close();
    sandbox.child.kill();
    await sandbox.exited;
  }
}

/** One visitor: opens the chat, types and sends. */
async function visit(browser, url, number, { api, messages, interval_ms }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  let typingSignals = 0;
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => (typingSignals += isTypingFrame(payload))));
  page.on("request", (request) => (typingSignals += isTypingCall(request)));
  const pages = demoPages[api];
  await page.goto(url + pages[number % pages.length]);
  await page.getByRole("button", { name: "Open chat" }).click();
  const input = page.getByRole("textbox", { name: "Message" });
  await input.waitFor();
  await page.evaluate(watchDelivery);
  for (let message = 0; message < messages; message++) {
    const begun = performance.now();
    await input.pressSequentially(`Load ${number}, message ${message}`, { delay: keyPress_ms });
    await input.press("Enter");
    // The load is one of so many messages a minute.
    await pause(Math.max(0, interval_ms - (performance.now() - begun)));
  }
  await page.waitForFunction((count) => globalThis.loadLatencies_ms.length >= count, messages, { timeout: settleWithin_ms }).catch(() => undefined);
  const latencies_ms = await page.evaluate(() => globalThis.loadLatencies_ms);
  await context.close();
  return { sent: messages, latencies_ms, typingSignals };
}

const isTypingFrame = (payload) => (String(payload).includes('"Typing"') ? 1 : 0);

/** That somebody types, as each dialect says it; that they have stopped does not count. */
function isTypingCall(request) {
  const isCall = request.method() === "PATCH" || request.url().endsWith("/typing");
  return isCall && /"(isTyping|typing)":true|"status":"typing"/.test(request.postData() ?? "") ? 1 : 0;
}

/** Runs in the page. */
function watchDelivery() {
  const queuedAt = new Map();
  globalThis.loadLatencies_ms = [];
  document.querySelector("guest-messenger").addEventListener("delivery", ({ detail }) => {
    if (detail.delivery === "queued") queuedAt.set(detail.entryId, performance.now());
    if (detail.delivery === "sent") globalThis.loadLatencies_ms.push(performance.now() - queuedAt.get(detail.entryId));
  });
}

/** How often each text has arrived at the stand-in. */
async function arrived(control) {
  const conversations = await (await fetch(`${control}/conversations`)).json();
  const counts = new Map();
  for (const { messages } of conversations) {
    for (const { author, text } of messages) if (author === "guest") counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

function summary(visits, counts) {
  const sent = visits.reduce((total, { sent }) => total + sent, 0);
  const latencies_ms = visits.flatMap(({ latencies_ms }) => latencies_ms).sort((a, b) => a - b);
  const quantile = (share) => latencies_ms[Math.min(latencies_ms.length - 1, Math.floor(share * latencies_ms.length))] ?? NaN;
  const duplicated = [...counts.values()].reduce((total, count) => total + count - 1, 0);
  return {
    sent,
    echoed: latencies_ms.length,
    lost: sent - counts.size,
    duplicated,
    typingSignals: visits.reduce((total, { typingSignals }) => total + typingSignals, 0),
    typingSignalsOfPages: visits.map(({ typingSignals }) => typingSignals),
    latencyMs: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
  };
}

function table(report) {
  const { p50, p95, p99 } = report.latencyMs;
  return [
    `pages                 ${report.browsers}`,
    `time                  ${report.seconds.toFixed(1)} s`,
    `messages sent         ${report.sent}`,
    `echoed                ${report.echoed}`,
    `lost                  ${report.lost}`,
    `duplicated            ${report.duplicated}`,
    `typing signals        ${report.typingSignals} times somebody was said to type`,
    `latency               p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
  ].join("\n");
}

function firstJsonLine(stream) {
  return new Promise((resolve) => createInterface({ input: stream }).on("line", (line) => line.startsWith("{") && resolve(JSON.parse(line))));
}
