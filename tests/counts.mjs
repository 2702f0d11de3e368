// Reads how many tests passed and failed, and which failed, from what the test programs print.

/** Of libtest and of wasm-bindgen's runner: "test result: ok. 3 passed; 0 failed; …", one line for each binary. */
export function libtestCounts(output) {
  const results = [...output.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g)];
  const counts = sum(results.map(([, passed, failed]) => ({ passed: Number(passed), failed: Number(failed) })));
  return { ...counts, names: namesOf(output, /^test (.+?) \.\.\. FAIL(?:ED)?\b/gm) };
}

/** Of nextest: "Summary [ 0.1s] 42 tests run: 41 passed, 1 failed, 0 skipped". Whatever ran and did not pass has failed. */
export function nextestCounts(output) {
  const summary = plain(output).match(/Summary \[.*?\]\s+(?:\d+\/)?(\d+) tests? run: (\d+) passed/);
  const [ran, passed] = summary ? summary.slice(1).map(Number) : [0, 0];
  return { passed, failed: ran - passed, names: namesOf(output, /^\s*(?:FAIL|TIMEOUT|SIG\w+|ABORT|LEAK-FAIL) \[.*?\]\s+(?:\(.*?\)\s+)?(.+)$/gm) };
}

/** Of Node's test runner: "# pass 3" or "ℹ pass 3". */
export function nodeTestCounts(output) {
  const count = (word) => Number(plain(output).match(new RegExp(`^\\S ${word} (\\d+)$`, "m"))?.[1] ?? 0);
  return { passed: count("pass"), failed: count("fail") + count("cancelled"), names: namesOf(output, /^\s*✖ (.+?) \([\d.]+ms\)$/gm) };
}

/** Of Playwright's JSON report. A test that passes only at times has failed. */
export function playwrightCounts(report) {
  const { stats, suites } = JSON.parse(report);
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
  const names = suites.flatMap(specs).filter(({ ok }) => !ok).map(({ file, line, title }) => `${file}:${line} ${title}`);
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, names };
}

/** A program that failed has at least one failure, one that ran nothing proves nothing. */
export function withExitCode({ passed, failed, names = [] }, code) {
  if (code !== 0 && failed === 0) return { passed, failed: 1, names: ["it ended with an error, though no test of it failed"] };
  if (passed + failed === 0) {
    console.error("It ran no test.");
    return { passed: 0, failed: 1 };
  }
  return { passed, failed, names };
}

export function sum(counts) {
  const total = (word) => counts.reduce((sum, count) => sum + count[word], 0);
  return { passed: total("passed"), failed: total("failed"), names: counts.flatMap(({ names = [] }) => names) };
}

/** A name may be printed again in a summary. */
function namesOf(output, pattern) {
  return [...new Set([...plain(output).matchAll(pattern)].map(([, name]) => name.trim()))];
}

function plain(output) {
  return output.replace(/\u001b\[[0-9;]*m/g, "");
}
