import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { ChatError } from "../../www/src/errors.ts";
import { askToken } from "../../www/src/lazy/token.ts";

const ask = (provider: () => unknown) => askToken(provider as never);

async function failure(provider: () => unknown): Promise<ChatError> {
  try {
    await ask(provider);
  } catch (error) {
    return error as ChatError;
  }
  throw new Error("It did not fail.");
}

test("what the token provider answers crosses as it is, and nothing that comes with it", async () => {
  const whole = { token: "eyJ0.e-_~", expiresIn: 3600, guestId: "g", conversationId: "c" };
  assert.deepEqual(JSON.parse(await ask(async () => ({ ...whole, refreshToken: "r", scope: ["all"] }))), whole);
  assert.deepEqual(JSON.parse(await ask(() => ({ token: "t", expiresIn: 1.5, guestId: "", conversationId: 7 }))), { token: "t", expiresIn: 1 });
  assert.deepEqual(JSON.parse(await ask(() => ({ token: "t", expiresIn: Infinity }))), { token: "t", expiresIn: 1e9 });
});

test("an answer that holds no token or no time is the page's mistake", async () => {
  const mistakes = [undefined, null, "t", 7, {}, { token: "t" }, { token: "t", expiresIn: "60" }, { token: "t", expiresIn: 0 }, { token: "t", expiresIn: Number.NaN }];
  for (const given of [...mistakes, { token: "", expiresIn: 60 }, { token: "a b", expiresIn: 60 }, { token: '"t\n', expiresIn: 60 }, { token: 7, expiresIn: 60 }]) {
    const error = await failure(() => given);
    assert.equal(error.code, "misuse/token");
    assert.equal(error.message, "The page's token provider must answer { token, expiresIn }, a text and the seconds that it is good for.");
    assert.equal(error.retryable, false);
  }
  assert.equal((await failure(() => ({ get token() { throw "no"; } }))).code, "misuse/token");
});

test("a provider that throws or rejects has failed, and what it threw stays with it", async () => {
  for (const provider of [() => Promise.reject(new Error("s3cret")), () => { throw "s3cret"; }, () => Promise.reject(undefined)]) {
    const error = await failure(provider);
    assert.equal(error.code, "network/token");
    assert.equal(error.message, "The page's token provider failed.");
    assert.equal(error.retryable, true);
    assert.equal(error.cause, undefined);
  }
});

test("a provider that never answers has 30 seconds", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let settled = false;
    const error = failure(() => new Promise(() => undefined)).finally(() => (settled = true));
    await Promise.resolve();
    mock.timers.tick(29_999);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(settled, false);
    mock.timers.tick(1);
    assert.equal((await error).message, "The page's token provider did not answer within 30 seconds.");
  } finally {
    mock.timers.reset();
  }
});

test("the page's code never runs within the call", () => {
  let ran = false;
  void askToken(() => ((ran = true), { token: "t", expiresIn: 60 }));
  assert.equal(ran, false);
});

test("nothing of a token or of a failure is logged", async () => {
  const written: unknown[] = [];
  const names = ["log", "info", "warn", "error", "debug"] as const;
  const mocks = names.map((name) => mock.method(console, name, (...texts: unknown[]) => void written.push(texts)));
  await ask(() => ({ token: "t", expiresIn: 60 }));
  await failure(() => "s3cret");
  await failure(() => Promise.reject("s3cret"));
  for (const each of mocks) each.mock.restore();
  assert.deepEqual(written, []);
});
