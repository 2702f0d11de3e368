// `npm run load -- --browsers N`: the whole widget in pages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isOneSentence, runScript } from "./script.mjs";

const load = "tests/load/run.mjs";

const wrong = [
  ["--browsers"],
  ["--browsers", "0"],
  ["--browsers", "101"],
  ["--browsers=many"],
  ["--browsers", "--json"],
  ["--browsers", "2", "--messages", "1.5"],
  ["--browsers", "2", "--interval-ms", "0"],
  ["--browsers", "2", "--api", "fax"],
  ["--browsers", "2", "--guests", "5"],
  ["--browsers", "2", "3"],
];

for (const args of wrong) {
  test(`npm run load -- ${args.join(" ")} ends with 2 and one sentence`, async () => {
    const end = await runScript(load, ...args);
    assert.equal(end.code, 2);
    assert.ok(isOneSentence(end), end.stderr);
  });
}

test("pages by the conversations APIs type in every dialect and lose nothing", async () => {
  const end = await runScript(load, "--browsers", "3", "--api", "conversations", "--messages", "2", "--json");
  assert.equal(end.code, 0, end.stderr);
  const report = JSON.parse(end.stdout);
  const { api, sent, echoed, lost, duplicated } = report;
  assert.deepEqual({ api, sent, echoed, lost, duplicated }, { api: "conversations", sent: 6, echoed: 6, lost: 0, duplicated: 0 });
  assert.ok(report.typingSignalsOfPages.every((signals) => signals > 0), end.stdout);
});
