import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { slotsByDay, timeFormats } from "../../www/src/times.ts";

const starts = (...times: string[]) => times.map((start) => ({ start }));

test("times are sorted and stand under their local day, each once", () => {
  const days = slotsByDay(starts("2026-10-20T10:30:00.000Z", "2026-10-21T14:00:00.000Z", "2026-10-20T09:00:00Z", "2026-10-20T09:00:00.000Z"));
  assert.deepEqual(days.map(({ slots }) => slots.map(({ iso }) => iso)), [["2026-10-20T09:00:00Z", "2026-10-20T10:30:00.000Z"], ["2026-10-21T14:00:00.000Z"]]);
});

test("midnight that divides the days is the visitor's", () => {
  const midnight = new Date(2026, 9, 21).getTime();
  const days = slotsByDay(starts(new Date(midnight - 60_000).toISOString(), new Date(midnight).toISOString()));
  assert.deepEqual(days.map(({ day }) => day.getDate()), [20, 21]);
});

test("times that are none are left out", () => {
  assert.deepEqual(slotsByDay([{ start: "soon" }, { start: 5 }, {}]), []);
});

test("a time is said in the answer as it was on the button, in every language", () => {
  for (const tag of ["en-GB", "en-AU", ...readdirSync(join("www", "locales")).map((name) => name.replace(".json", ""))]) {
    const { time, whole } = timeFormats(tag);
    for (const hour of [0, 9, 13]) {
      const at = new Date(2026, 9, 20, hour, 5);
      const [, said] = /(?:^|\P{N})(\p{N}+\P{N}+\p{N}+)/u.exec(time(at)) ?? [];
      assert.match(whole(at), new RegExp(`(^|\\P{N})${said}`, "u"), `${tag}: ${whole(at)} for ${time(at)}`);
    }
  }
});
