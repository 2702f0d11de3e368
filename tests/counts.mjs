// Reads how many tests passed and failed from what the test programs print.

/** Of libtest and of wasm-bindgen's runner: "test result: ok. 3 passed; 0 failed; …", one line for each binary. */
export function libtestCounts(output) {
  return sum([...output.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g)].map(([, passed, failed]) => ({ passed: Number(passed), failed: Number(failed) })));
}

/** Of nextest: "Summary [ 0.1s] 42 tests run: 41 passed, 1 failed, 0 skipped". Whatever ran and did not pass has failed. */
export function nextestCounts(output) {
  const summary = plain(output).match(/Summary \[.*?\]\s+(?:\d+\/)?(\d+) tests? run: (\d+) passed/);
  const [ran, passed] = summary ? summary.slice(1).map(Number) : [0, 0];
  return { passed, failed: ran - passed };
}

/** Of Node's test runner: "# pass 3" or "ℹ pass 3". */
export function nodeTestCounts(output) {
  const count = (word) => Number(plain(output).match(new RegExp(`^\\S ${word} (\\d+)$`, "m"))?.[1] ?? 0);
  return { passed: count("pass"), failed: count("fail") + count("cancelled") };
}

/** Of Playwright's JSON report. A test that passes only at times has failed. */
export function playwrightCounts(report) {
  const { expected, unexpected, flaky } = JSON.parse(report).stats;
  return { passed: expected, failed: unexpected + flaky };
}

/** A program that failed has at least one failure, one that ran nothing proves nothing. */
export function withExitCode({ passed, failed }, code) {
  if (code !== 0 && failed === 0) return { passed, failed: 1 };
  if (passed + failed === 0) {
    console.error("It ran no test.");
    return { passed: 0, failed: 1 };
  }
  return { passed, failed };
}

export function sum(counts) {
  return counts.reduce((total, { passed, failed }) => ({ passed: total.passed + passed, failed: total.failed + failed }), { passed: 0, failed: 0 });
}

function plain(output) {
  return output.replace(/\u001b\[[0-9;]*m/g, "");
}
