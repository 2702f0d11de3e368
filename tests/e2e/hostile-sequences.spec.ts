// What a platform and a line may do one after the other: the steps of the corpus's sequences, as far as they are said in a way
// that a machine reads. What is said in a sentence is a scenario of its own elsewhere (tests/vectors/README.md).
import { type Control, type Json, type Widget, expect, test } from "./fixtures.ts";
import { installClock, passTimeUntil } from "./support/clock.ts";
import { notDriven, rowsOf } from "./support/corpus.ts";
import { Guard, strangeElements } from "./support/guard.ts";

/** One row being played; names such as `t1` are texts and ids that no other row has. */
interface Play {
  id: string;
  widget: Widget;
  control: Control;
  sent: Set<string>;
}

type Act = (play: Play) => Promise<void>;

const message = (id: string, text: string, direction: string, time?: string): Json => ({
  type: "message",
  class: "StructuredMessage",
  code: 200,
  body: { id, type: "Text", text, direction, channel: time === undefined ? {} : { time } },
});
const event = (event: Json): Json => ({ type: "message", class: "StructuredMessage", code: 200, body: { id: crypto.randomUUID(), type: "Event", direction: "Outbound", events: [event] } });
const today = (clock: string) => `${new Date().toISOString().slice(0, 11)}${clock}:00.000Z`;

async function sendOnce({ id, widget, sent }: Play, name: string): Promise<void> {
  const text = `${id} ${name}`;
  if (!sent.has(text)) await widget.send(text);
  sent.add(text);
}

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
];

/** Undefined when one of the steps is a sentence that nobody knows. */
function read(sequence: unknown): Act[] | undefined {
  const acts = (Array.isArray(sequence) ? sequence : []).map((step) => {
    for (const [shape, make] of steps) {
      const found = shape.exec(String(step));
      if (found) return make(found);
    }
    return undefined;
  });
  return acts.length > 0 && acts.every((act) => act !== undefined) ? (acts as Act[]) : undefined;
}

/** Does what a visitor would, and passes time, until a message goes both ways. */
async function expectAlive({ id, widget, control }: Play): Promise<void> {
  const passUntil = (is: () => Promise<boolean>, what: string) => passTimeUntil(widget.page, is, `${id}: ${what}`, 1_000);
  const canWrite = async () => {
    if (await widget.startNew.isVisible()) await widget.startNew.click();
    return widget.input.isEnabled();
  };
  await passUntil(canWrite, "the visitor can write");
  await widget.send(`After ${id}`);
  await passUntil(async () => (await control.conversations()).some(({ messages }) => messages.some(({ text }) => text === `After ${id}`)), "what is written arrives");
  await control.say(`Said after ${id}`);
  await passUntil(async () => (await widget.message(`Said after ${id}`).count()) === 1, "what is answered is shown");
}

test("@corpus sequence: after any order of frames, breaks and refusals the chat goes on, with each message once", async ({ widget, control, page, standIn, website }) => {
  test.setTimeout(240_000);
  const guard = await Guard.watch(page, website, standIn);
  await installClock(page);
  await widget.chat("Hello");
  const unknown = new Map<string, string>();
  for (const { id, input, expect: expected } of rowsOf("sequence", "protocol")) {
    const acts = read(input);
    if (!acts) {
      unknown.set(id, JSON.stringify(input));
      continue;
    }
    const play: Play = { id, widget, control, sent: new Set() };
    for (const act of acts) await act(play);
    await expectAlive(play);
    const texts = await widget.part("bubble").allInnerTexts();
    const own = texts.filter((text) => text.startsWith(`${id} `));
    expect.soft(own.filter((text, at) => own.indexOf(text) !== at), `${id} ${expected}: twice`).toEqual([]);
    const order = /^order (\w+(?:,\w+)+)/.exec(expected)?.[1]?.split(",");
    if (order) expect.soft(own, `${id} ${expected}`).toEqual(order.map((name) => `${id} ${name}`));
    await control.clearFaults();
  }
  expect(await strangeElements(widget)).toEqual([]);
  await guard.expectClean();
  notDriven(unknown);
});
