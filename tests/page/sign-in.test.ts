import assert from "node:assert/strict";
import { test } from "node:test";
import { askPage } from "../../www/src/lazy/sign-in.ts";

/** What the engine gets, and how often the page was told of a mistake. */
async function outcome(auth: () => unknown): Promise<[unknown, number]> {
  const error = console.error;
  let told = 0;
  console.error = () => void told++;
  try {
    return [await askPage(auth as never), told];
  } finally {
    console.error = error;
  }
}

test("a code or an id token goes on, with all that belongs to it", async () => {
  for (const grant of [
    { code: "c", redirectUri: "https://shop.example/cb" },
    { code: "c", redirectUri: "https://shop.example/cb", codeVerifier: "v" },
    { idToken: "t", nonce: "n" },
  ]) {
    assert.deepEqual(await outcome(() => ({ ...grant, more: "not this" })), [JSON.stringify(grant), 0]);
    assert.deepEqual(await outcome(async () => grant), [JSON.stringify(grant), 0]);
  }
});

test("nobody signed in is no mistake", async () => {
  for (const nobody of [null, undefined]) assert.deepEqual(await outcome(() => nobody), [undefined, 0]);
});

test("anything else signs nobody in, and the page is told", async () => {
  for (const wrong of ["code", 7, {}, { code: "c" }, { code: "", redirectUri: "x" }, { idToken: "t" }, { code: 1, redirectUri: "x" }]) {
    assert.deepEqual(await outcome(() => wrong), [undefined, 1]);
  }
  assert.deepEqual(await outcome(() => Promise.reject(new Error("no"))), [undefined, 1]);
  assert.deepEqual(await outcome(() => { throw "no"; }), [undefined, 1]);
});

test("the page's code never runs within the call", () => {
  let ran = false;
  void askPage(() => ((ran = true), null));
  assert.equal(ran, false);
});
