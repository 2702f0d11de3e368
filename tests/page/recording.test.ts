import assert from "node:assert/strict";
import { test } from "node:test";
import { Recording, diagnostics, recordingMax_bytes } from "../../www/src/recording.ts";

/** An engine's memory, and the recording that reads it. */
function made() {
  const memory = new Map<number, string>();
  return { memory, recording: new Recording((place) => memory.get(place) ?? assert.fail(`nothing is at ${place}`)) };
}

const read = (recording: Recording) => JSON.parse(diagnostics("1.2.3", [recording])).recordings[0];

test("what was recorded comes out in order, with the format's name and the version", () => {
  const { recording } = made();
  ['["begin"]', '[1,1,"tick"]', '"0123456789abcdef"'].forEach(recording.take);
  assert.deepEqual(JSON.parse(diagnostics("1.2.3", [recording])), {
    format: "guest-messenger-diagnostics",
    version: 1,
    product: "1.2.3",
    recordings: [{ truncated: false, died: false, items: [["begin"], [1, 1, "tick"], "0123456789abcdef"] }],
  });
});

test("what the engine has not handed over yet is read from its memory, also when it has died", () => {
  const { memory, recording } = made();
  recording.take(4096);
  memory.set(4096, "");
  assert.deepEqual(read(recording).items, []);
  recording.take('["begin"],\n[1,1,"tick"]');
  memory.set(4096, "[2,2]");
  assert.deepEqual(read(recording), { truncated: false, died: false, items: [["begin"], [1, 1, "tick"], [2, 2]] });
  memory.set(4096, "[2,2],\n[3,3]");
  recording.die();
  memory.clear();
  assert.deepEqual(read(recording), { truncated: false, died: true, items: [["begin"], [1, 1, "tick"], [2, 2], [3, 3]] });
});

test("an engine that is taken off hands over the rest, and its memory is not read again", () => {
  const { recording } = made();
  recording.take(4096);
  recording.take('["begin"]');
  recording.take(0);
  assert.deepEqual(read(recording), { truncated: false, died: false, items: [["begin"]] });
});

test("a page on which nothing has run has no recordings", () => {
  assert.deepEqual(JSON.parse(diagnostics("1.2.3", [])).recordings, []);
});

test("past the bound the oldest part is dropped, which is said, and the newest stays", () => {
  const { recording } = made();
  const item = (number: number) => JSON.stringify([number, "x".repeat(988)]);
  for (let number = 0; number < 2_000; number++) {
    recording.take(item(number));
    if (number % 100 > 0) continue;
    assert.ok(`${recording}`.length <= recordingMax_bytes + 100);
    assert.equal(read(recording).truncated, read(recording).items[0]?.[0] !== 0);
  }
  const { items } = read(recording);
  assert.deepEqual(items.at(-1), JSON.parse(item(1_999)));
  assert.ok(items.length > recordingMax_bytes / 1_000 / 2 - 2, "half of it at least is kept");
  assert.deepEqual(items.map(([number]: [number]) => number), items.map((_: unknown, at: number) => items[0][0] + at));
});

test("a thing larger than the bound is not kept, which is said", () => {
  const { recording } = made();
  recording.take('["begin"]');
  recording.take(JSON.stringify("x".repeat(recordingMax_bytes)));
  assert.equal(read(recording).truncated, true);
  assert.ok(`${recording}`.length < 200);
});
