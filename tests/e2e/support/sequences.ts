// The steps of the corpus's sequences: what a visitor, the platform or the line does, one after the other.
import { type Page, type Route, expect } from "@playwright/test";
import type { Control, Json } from "./control.ts";
import { passTimeUntil } from "./clock.ts";
import { Tray, largeFile, slowUploads } from "./files.ts";
import type { Website } from "./website.ts";
import { Widget } from "./widget.ts";

/** One row being played; names such as `t1` are texts and ids that no other row has. */
export interface Play {
  id: string;
  widget: Widget;
  control: Control;
  website: Website;
  sent: Set<string>;
}

export type Act = (play: Play) => Promise<void>;

/** What is done for these steps, or undefined when one of them is a sentence that nobody knows. */
export function read(sequence: unknown): Act[] | undefined {
  const acts = (Array.isArray(sequence) ? sequence : []).map((step) => {
    for (const [shape, make] of steps) {
      const found = shape.exec(String(step));
      if (found) return make(found);
    }
    return undefined;
  });
  return acts.length > 0 && acts.every((act) => act !== undefined) ? (acts as Act[]) : undefined;
}

/** Passes the page's time. */
export const passUntil = ({ id, widget }: Play, is: () => Promise<boolean>, what: string) => passTimeUntil(widget.page, is, `${id}: ${what}`, 1_000);

const history = "**/api/v2/webmessaging/messages?**";

const message = (id: string, text: string, direction: string, time?: string): Json => ({
  type: "message",
  class: "StructuredMessage",
  code: 200,
  body: { id, type: "Text", text, direction, channel: time === undefined ? {} : { time } },
});
const event = (event: Json): Json => ({ type: "message", class: "StructuredMessage", code: 200, body: { id: crypto.randomUUID(), type: "Event", direction: "Outbound", events: [event] } });
const today = (clock: string) => `${new Date().toISOString().slice(0, 11)}${clock}:00.000Z`;

/** Each way of saying a step, and what is done. */
const steps: [RegExp, (found: RegExpExecArray) => Act][] = [
  [/^(?:re)?send\((\w+)'?\)$/, ([, name]) => (play) => sendOnce(play, name!)],
  [/^echo\((\w+)'?\)$/, ([, name]) => async (play) => {
    await sendOnce(play, name!);
    const text = `${play.id} ${name}`;
    const frame = () => play.widget.wire.messages("Text").find((frame) => (frame["message"] as Json)["text"] === text);
    await expect.poll(frame, text).toBeDefined();
    // Another copy of it, known by the id that the visitor's side gave it.
    const echo = message(crypto.randomUUID(), text, "Inbound", new Date().toISOString());
    await play.control.frame({ ...echo, body: { ...(echo["body"] as Json), metadata: { id: frame()!["tracingId"] } } });
  }],
  [/^out\((\w+)(?:, ?(\d\d:\d\d))?\)(?: channel\.time='(.*)')?$/, ([, name, clock, time]) => ({ id, control }) => control.frame(message(`${id} ${name}`, `${id} ${name}`, "Outbound", clock ? today(clock) : (time ?? new Date().toISOString())))],
  [/^close\((\d+)\)/, ([, code]) => ({ control }) => control.fault([1005, 1006, 1015].includes(Number(code)) ? { kind: "kill" } : { kind: "close", code: Number(code), reason: "__pwn()" })],
  [/^reconnect$|^history\[|^send-ack-lost$/, () => async () => undefined],
  [/^typing (On|Off)(?: duration=([\d.e+]+))?(?: x (\d+))?/, ([, type, duration, times]) => async ({ control }) => {
    for (let time = 0; time < Math.min(50, Number(times ?? 1)); time++) await control.frame(event({ eventType: "Typing", typing: { type, ...(duration ? { duration: Number(duration) } : {}) } }));
  }],
  [/^SessionResponse (\w+)=(true|false)/, ([, key, value]) => ({ control }) => control.frame({ type: "response", class: "SessionResponse", code: 200, body: { connected: true, newSession: false, [key!]: value === "true" } })],
  [/^receipt (?:(\w+) )?(?:for|before)/, ([, status]) => ({ control }) => control.frame({ type: "message", class: "StructuredMessage", code: 200, body: { id: crypto.randomUUID(), type: "Receipt", status: status ?? "Read", direction: "Outbound", originatingMessageId: crypto.randomUUID() } })],
  [/^error for unknown tracingId/, () => ({ control }) => control.frame({ type: "response", class: "string", code: 4011, body: "Message length 5000 is larger than 4096", tracingId: crypto.randomUUID() })],
  [/^same id, (different text|other direction)/, ([, what]) => async ({ id, control }) => {
    await control.frame(message(`${id} twice`, `${id} once`, "Outbound", new Date().toISOString()));
    await control.frame(message(`${id} twice`, `${id} again`, what === "different text" ? "Outbound" : "Inbound", new Date().toISOString()));
  }],
  [/^frames in reverse/, () => async ({ id, control }) => {
    for (const minute of ["03", "02", "01"]) await control.frame(message(`${id} ${minute}`, `${id} ${minute}`, "Outbound", today(`00:${minute}`)));
  }],
  [/^handshake (\d{3})/, ([, status]) => ({ control }) => control.fault([{ kind: "refuse", status: Number(status), count: 2 }, { kind: "kill" }])],
  [/^handshake never/, () => ({ control }) => control.fault([{ kind: "hang_handshake", count: 1 }, { kind: "kill" }])],
  [/^reconnect storm (\d+) closes in (\d+) s/, ([, closes, span_s]) => (play) => storm(play, Number(closes), Number(span_s))],
  [/^open then silence (\d+) s/, ([, span_s]) => (play) => silence(play, Number(span_s))],
  [/^echo arrives before send promise/, () => sendByThePage],
  [/^clear conversation while (\d+) sends/, ([, sends]) => (play) => clearBeneath(play, Number(sends))],
  [/^logout while upload/, () => logOutBeneathAnUpload],
  [/^history page entirely duplicates/, () => readPastDuplicates],
  [/^Disconnect in old history/, () => readAnOldEnd],
  [/^two tabs send at the same instant/, () => sendFromTwoTabs],
  [/^leader tab crashes mid-send/, () => loseTheTabThatSends],
];

async function sendOnce({ id, widget, sent }: Play, name: string): Promise<void> {
  const text = `${id} ${name}`;
  if (!sent.has(text)) await widget.send(text);
  sent.add(text);
}

/** The line is closed again and again, by the page's clock: it is not opened as often as that. */
async function storm({ id, widget, control }: Play, closes: number, span_s: number): Promise<void> {
  const times = Math.min(closes, 100);
  const before = widget.wire.addresses.length;
  for (let time = 0; time < times; time++) {
    await control.fault({ kind: "kill" });
    await widget.page.clock.runFor((span_s * 1_000) / times);
  }
  expect.soft(widget.wire.addresses.length - before, `${id}: attempts`).toBeLessThanOrEqual(Math.max(5, span_s / 2));
}

/** A line that brings nothing and takes nothing is given up for another one. */
async function silence(play: Play, span_s: number): Promise<void> {
  const { widget, control } = play;
  const before = widget.wire.addresses.length;
  await control.fault(["to_guest", "to_platform"].map((direction) => ({ kind: "drop", direction, count: 1_000 })));
  const until_ms = (await widget.page.evaluate(() => Date.now())) + span_s * 1_000;
  await passUntil(play, async () => widget.wire.addresses.length > before, "another line is opened");
  expect.soft(await widget.page.evaluate(() => Date.now()), `${play.id}: when another line is opened`).toBeLessThanOrEqual(until_ms);
  await control.clearFaults();
}

async function sendByThePage({ id, widget }: Play): Promise<void> {
  await widget.page.evaluate((text) => window.GuestMessenger!.messenger!.send(text), `${id} by the page`);
}

/** What was under way is shown no more, and is not sent again. */
async function clearBeneath(play: Play, sends: number): Promise<void> {
  const { id, widget, control } = play;
  const texts = Array.from({ length: Math.min(sends, 5) }, (_, at) => `${id} under way ${at}`);
  await control.fault({ kind: "drop", direction: "to_platform", count: 1_000 });
  for (const text of texts) await widget.send(text);
  const sentTimes = () => widget.wire.messages("Text").filter((frame) => texts.includes(String((frame["message"] as Json)["text"]))).length;
  await passUntil(play, async () => sentTimes() > 0, "one is under way");
  await control.clearFaults();
  const before = sentTimes();
  await widget.clear();
  await expect(widget.messages, id).toHaveCount(0);
  await widget.page.clock.runFor(60_000);
  expect.soft(sentTimes(), `${id}: sent after clearing`).toBe(before);
}

/** Its bytes stop, and the picture of it is given back. */
async function logOutBeneathAnUpload({ id, widget, control }: Play): Promise<void> {
  const { page } = widget;
  const quicken = await slowUploads(page, 400_000);
  const failed = page.waitForEvent("requestfailed", (request) => request.method() === "PUT");
  const tray = new Tray(widget);
  await tray.choose(largeFile(`${id}.txt`));
  await expect.poll(async () => Number(await tray.row(`${id}.txt`).getByRole("progressbar").getAttribute("aria-valuenow"))).toBeGreaterThan(0);
  await control.frame({ type: "message", class: "LogoutEvent", code: 200, body: {} });
  expect.soft((await failed).failure()?.errorText, id).toBe("net::ERR_ABORTED");
  await expect(tray.rows, id).toHaveCount(0);
  await quicken();
}

/** Reloads the page with these answers in place of those of history, and reads it to its beginning. */
async function reloadWithHistory(play: Play, answer: (route: Route) => Promise<void>, isThere: () => Promise<boolean>, what: string): Promise<void> {
  const { widget } = play;
  await widget.page.route(history, answer);
  await widget.page.reload();
  const scrollAndLook = async () => {
    await widget.transcript.evaluate((scroller) => scroller.scrollTo(0, 0));
    return isThere();
  };
  await passUntil(play, scrollAndLook, what);
  await widget.page.unrouteAll({ behavior: "wait" });
}

/** Page two is page one again; what is older is on page three. */
async function readPastDuplicates(play: Play): Promise<void> {
  const { id, widget, control } = play;
  await control.say(`${id} first`);
  for (let number = 1; number <= 60; number++) await control.say(`${id} ${number}`);
  const again = async (route: Route) => {
    const url = new URL(route.request().url());
    if (url.searchParams.get("pageNumber") === "2") url.searchParams.set("pageNumber", "1");
    await route.fulfill({ response: await route.fetch({ url: String(url) }) });
  };
  await reloadWithHistory(play, again, async () => (await widget.message(`${id} first`).count()) === 1, "what is older is shown");
}

/** It ended once, long ago. */
async function readAnOldEnd(play: Play): Promise<void> {
  const { id, widget, control } = play;
  await control.say(`${id} before the end`);
  const end = { ...(event({ eventType: "Presence", presence: { type: "Disconnect" } })["body"] as Json), channel: { time: today("00:01") }, metadata: { readOnly: "true" } };
  const withEnd = async (route: Route) => {
    const response = await route.fetch();
    const page = await response.json();
    await route.fulfill({ response, json: { ...page, entities: [...page.entities, end] } });
  };
  await reloadWithHistory(play, withEnd, async () => (await widget.message(`${id} before the end`).count()) === 1, "history is shown");
  await expect.soft(widget.ended, id).toBeHidden();
  await expect.soft(widget.input, id).toBeEnabled();
}

/** Another tab of the conversation, open. */
async function anotherTab({ widget, website }: Play): Promise<Widget> {
  const tab = new Widget(await widget.page.context().newPage(), website);
  await tab.page.goto(widget.page.url());
  await tab.open();
  await expect(tab.input).toBeEnabled();
  return tab;
}

const sendIn = (page: Page, text: string) => page.evaluate((text) => void window.GuestMessenger!.messenger!.send(text), text);

/** Both are shown in both, in the same order. */
async function sendFromTwoTabs(play: Play): Promise<void> {
  const { id, widget } = play;
  const other = await anotherTab(play);
  const texts = [`${id} here`, `${id} there`];
  await Promise.all([sendIn(widget.page, texts[0]!), sendIn(other.page, texts[1]!)]);
  const shown = async (tab: Widget) => (await tab.part("bubble").allInnerTexts()).filter((text) => texts.includes(text));
  for (const tab of [widget, other]) {
    for (const text of texts) await passUntil(play, async () => (await tab.message(text).and(tab.page.locator("[data-delivery=sent]")).count()) === 1, `${text} is sent`);
  }
  expect.soft(await shown(other), id).toEqual(await shown(widget));
  await other.page.close();
}

/** The other tab holds the line; what it had sent, and nobody has, is sent by this one. */
async function loseTheTabThatSends(play: Play): Promise<void> {
  const { id, widget, control } = play;
  const other = await anotherTab(play);
  const before = other.wire.addresses.length;
  await widget.page.reload();
  await passUntil(play, async () => other.wire.addresses.length > before && (await widget.input.isEnabled()), "the other tab has the line");
  await control.fault({ kind: "drop", direction: "to_platform", count: 1_000 });
  await sendIn(other.page, `${id} of the other`);
  await expect.poll(() => other.wire.messages("Text").length, `${id}: it is under way`).toBeGreaterThan(0);
  const session = await widget.page.context().newCDPSession(other.page);
  const crashed = other.page.waitForEvent("crash");
  void session.send("Page.crash").catch(() => undefined);
  await crashed;
  // The clock is that of all tabs.
  await other.page.close();
  await control.clearFaults();
  const arrived = async () => (await control.conversations()).flatMap(({ messages }) => messages).filter(({ text }) => text === `${id} of the other`).length;
  await passUntil(play, async () => (await arrived()) > 0, "it is sent by the tab that is left");
  await widget.page.clock.runFor(60_000);
  expect.soft(await arrived(), `${id}: how often it arrived`).toBe(1);
}
