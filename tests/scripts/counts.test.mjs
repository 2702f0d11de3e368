// What `npm test` reads from the programs that it runs: how many tests passed and failed, and which failed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { libtestCounts, nextestCounts, nodeTestCounts, playwrightCounts, sum, withExitCode } from "../counts.mjs";

test("of libtest, the lines of several programs are added up and failed tests named", () => {
  const output = [
    "test views::list::it_scrolls ... ok",
    "test result: ok. 1 passed; 0 failed; 0 ignored; 0 filtered out",
    "test drivers::socket::it_opens ... FAILED",
    "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 filtered out",
  ].join("\n");
  assert.deepEqual(libtestCounts(output), { passed: 3, failed: 1, names: ["drivers::socket::it_opens"] });
});

test("of wasm-bindgen's runner, a failed test is named", () => {
  const output = "test browser::it_opens ... FAIL\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 0 filtered out\n";
  assert.deepEqual(libtestCounts(output), { passed: 0, failed: 1, names: ["browser::it_opens"] });
});

test("of nextest, a test that its summary repeats is named once, and one that hung or crashed is named too", () => {
  const output = [
    "        PASS [   0.012s] (   1/1213) guest-messenger::session it_joins",
    "        FAIL [   1.981s] ( 892/1213) guest-messenger-load::notices messages_arrive",
    "     SIGABRT [   0.100s] ( 893/1213) guest-messenger::session it_leaves",
    "     TIMEOUT [  60.000s] ( 894/1213) guest-messenger::session it_waits",
    "     Summary [  90.000s] 1213 tests run: 1210 passed, 2 failed, 1 timed out, 0 skipped",
    "        FAIL [   1.981s] ( 892/1213) guest-messenger-load::notices messages_arrive",
  ].join("\n");
  assert.deepEqual(nextestCounts(output), {
    passed: 1210,
    failed: 3,
    names: ["guest-messenger-load::notices messages_arrive", "guest-messenger::session it_leaves", "guest-messenger::session it_waits"],
  });
});

test("of Node's runner, colours are no part of a name", () => {
  const output = "✔ it opens (1.2ms)\n\u001b[31m✖ it shuts (0.5ms)\u001b[39m\nℹ pass 1\nℹ fail 1\nℹ cancelled 0\n";
  assert.deepEqual(nodeTestCounts(output), { passed: 1, failed: 1, names: ["it shuts"] });
});

test("of Playwright, a test in a group is named by its file and line", () => {
  const report = {
    stats: { expected: 4, unexpected: 1, flaky: 0 },
    suites: [
      {
        specs: [{ ok: true, title: "it opens", file: "embed.spec.ts", line: 3 }],
        suites: [{ specs: [{ ok: false, title: "it shuts", file: "embed.spec.ts", line: 9 }] }],
      },
    ],
  };
  assert.deepEqual(playwrightCounts(JSON.stringify(report)), { passed: 4, failed: 1, names: ["embed.spec.ts:9 it shuts"] });
});

test("a program that ends with an error has failed, whatever it counted", () => {
  const { passed, failed, names } = withExitCode({ passed: 7, failed: 0, names: [] }, 101);
  assert.deepEqual({ passed, failed, named: names.length }, { passed: 7, failed: 1, named: 1 });
});

test("a sum has the names of all its parts", () => {
  assert.deepEqual(sum([{ passed: 1, failed: 0 }, { passed: 0, failed: 1, names: ["clippy"] }]), { passed: 1, failed: 1, names: ["clippy"] });
});
