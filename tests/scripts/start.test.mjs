// What `npm start` prints, and how it ends when it cannot.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, before, mock, test } from "node:test";
import { serve } from "../../www/scripts/start.mjs";
import { isOneSentence, runScript } from "./script.mjs";

const start = "www/scripts/start.mjs";
let standIn;
/** The address that stands behind each name. */
let addresses;

before(async () => {
  const print = mock.method(console, "log", () => undefined);
  standIn = await serve(0);
  const printed = print.mock.calls.map(({ arguments: [text] }) => text).join("\n");
  print.mock.restore();
  addresses = new Map([...printed.matchAll(/^ +(\S.*?): +(http:\S+)$/gm)].map(([, name, address]) => [name, address]));
});

after(async () => {
  standIn.child.kill();
  await standIn.exited;
});

const pages = {
  "The shop, with the messenger": "Fernhill · Tea and the things around it",
  "By the conversations API": "Guest Messenger by the conversations API",
  "as a participant": "Guest Messenger as a participant",
  "beside a web chat session": "Guest Messenger beside a web chat session",
  "The agent's desk": "Agent desk",
  "Every state of the messenger": "Gallery · every state of the messenger",
};

for (const [name, title] of Object.entries(pages)) {
  test(`the address that npm start prints as "${name}" gives that page`, async () => {
    const answer = await fetch(addresses.get(name));
    assert.equal(answer.status, 200);
    const [, found] = (await answer.text()).match(/<title>(.*?)<\/title>/);
    assert.equal(found, title);
  });
}

test("npm start prints no other addresses", () => {
  assert.deepEqual([...addresses.keys()], Object.keys(pages));
});

test("the pages that npm start prints get the widget as it was built", async () => {
  const answer = await fetch(new URL("/dist/guest-messenger.js", addresses.get("The shop, with the messenger")));
  assert.equal(answer.status, 200);
});

for (const port of ["many", "-1", "65536", "8080.5", "", undefined]) {
  test(`npm start with the port ${JSON.stringify(port)} ends with one sentence`, async () => {
    const end = await runScript(start, ...["--port", port].filter((arg) => arg !== undefined));
    assert.equal(end.code, 1);
    assert.ok(isOneSentence(end) && end.stderr.includes("--port takes a number"), end.stderr);
  });
}

test("npm start with a port that is taken ends with one sentence before anything is built", async () => {
  const other = createServer();
  await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
  const end = await runScript(start, "--port", String(other.address().port));
  other.close();
  assert.equal(end.code, 1);
  assert.ok(isOneSentence(end) && end.stderr.includes("already in use"), end.stderr);
});
