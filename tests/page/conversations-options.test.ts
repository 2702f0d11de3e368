import assert from "node:assert/strict";
import { test } from "node:test";
import { type Mistake, type Misuse, explain } from "../../www/src/explain.ts";
import { readPlain, shared } from "../../www/src/options.ts";
import { decide } from "../../www/src/rules.ts";

const base = "https://shop.example/";
const api = "conversations";
const deploymentId = "d";
const token = () => ({ token: "t", expiresIn: 60 });

const judged = (source: object) => decide(shared, source, base, false, () => assert.fail());

function refusal(source: object, fromTag = false): Mistake {
  try {
    decide(shared, source, base, fromTag, () => undefined);
  } catch (error) {
    return explain(error as Misuse);
  }
  throw new Error("It was not refused.");
}

test("the conversations API needs no option but its name", () => {
  assert.equal(readPlain({ api }, base, false), undefined);
  assert.deepEqual(judged({ api }), {
    deploymentId: "conversations",
    domain: "mypurecloud.com",
    endpoint: "",
    api,
    typing: "participants",
    receipts: "participants",
    conversationId: "",
    participantId: "",
    sessionId: "",
    send: "messages",
    contentPolicy: null,
    attachmentTypes: null,
    analytics: "",
    crm: "",
    token: undefined,
    remember: false,
    locale: "",
    open: false,
    primaryColor: "",
    position: "auto",
    colorScheme: "auto",
    auth: undefined,
  });
});

test("every option of the conversations API is taken as it is", () => {
  const given = { api, typing: "participants", receipts: "participants", conversationId: "C-1", participantId: "p/1", token, send: "participants", open: true };
  const lists = { contentPolicy: ["<script"], attachmentTypes: ["image/png"] };
  const read = judged({ ...given, ...lists, environment: "eu-west-1", webhooks: { analytics: "https://a.example/x", crm: "http://c.example" } });
  for (const [name, value] of Object.entries({ ...given, ...lists, domain: "mypurecloud.ie", analytics: "https://a.example/x", crm: "http://c.example/" })) {
    assert.deepEqual(read[name as keyof typeof read], value, name);
  }
});

test("an endpoint is the base of all calls, without the slash at its end", () => {
  const read = judged({ api, endpoint: "https://proxy.example/genesys/" });
  assert.equal(read.endpoint, "https://proxy.example/genesys");
  assert.equal(read.domain, "");
});

test("what is kept in the browser is named by the deployment, the conversation or the session", () => {
  assert.equal(judged({ api, deploymentId, conversationId: "c", token }).deploymentId, "d");
  assert.equal(judged({ api, conversationId: "c", token }).deploymentId, "c");
  assert.equal(judged({ api, sessionId: "s" }).deploymentId, "s");
});

test("a webchat session is told of typing without being asked to", () => {
  assert.equal(judged({ api, sessionId: "s" }).typing, "webchat");
});

test("receipts go as typing goes, unless the page says otherwise, and nowhere in a web chat", () => {
  assert.equal(judged({ api, typing: "conversations" }).receipts, "conversations");
  assert.equal(judged({ api, sessionId: "s" }).receipts, "local");
  assert.equal(judged({ api, typing: "conversations", receipts: "participants" }).receipts, "participants");
  assert.equal(judged({ api, receipts: "local" }).receipts, "local");
});

test("rare options that are right leave the Guest API as it is", () => {
  assert.deepEqual(judged({ deploymentId, environment: "us-east-1" }), readPlain({ deploymentId }, base, false));
});

const conflicts: [source: object, ...names: [string, string]][] = [
  [{ deploymentId, typing: "participants" }, "typing", "api"],
  [{ deploymentId, typing: "conversations" }, "typing", "api"],
  [{ deploymentId, typing: "webchat", sessionId: "s" }, "typing", "api"],
  [{ deploymentId, receipts: "participants" }, "receipts", "api"],
  [{ deploymentId, receipts: "conversations" }, "receipts", "api"],
  [{ deploymentId, conversationId: "c", token }, "conversationId", "api"],
  [{ deploymentId, participantId: "p" }, "participantId", "api"],
  [{ deploymentId, sessionId: "s" }, "sessionId", "api"],
  [{ deploymentId, token }, "token", "api"],
  [{ deploymentId, send: "messages" }, "send", "api"],
  [{ deploymentId, contentPolicy: [] }, "contentPolicy", "api"],
  [{ deploymentId, attachmentTypes: [] }, "attachmentTypes", "api"],
  [{ deploymentId, webhooks: {} }, "webhooks", "api"],
  [{ api, auth: () => null }, "auth", "api"],
  [{ api, typing: "socket" }, "typing", "api"],
  [{ api, receipts: "socket" }, "receipts", "api"],
  [{ api, typing: "webchat" }, "typing", "sessionId"],
  [{ api, typing: "participants", sessionId: "s" }, "sessionId", "typing"],
  [{ api, conversationId: "c" }, "conversationId", "token"],
  [{ api, participantId: "p", token }, "participantId", "conversationId"],
];

for (const [source, one, other] of conflicts) {
  test(`${JSON.stringify(source)} is refused in one sentence that names ${one} and ${other}`, () => {
    const { code, message } = refusal(source);
    assert.equal(code, "misuse/option");
    assert.match(message, new RegExp(`^The options ${one} and ${other} do not fit together: (?!.*\\. ).+\\.$`));
  });
}

test("in a tag a conflict is told in the tag's words", () => {
  assert.match(refusal({ deploymentId, conversationId: "c" }, true).message, /^The options data-conversation-id and data-api do not fit together/);
});

test("what cannot be written in a tag is refused there, and not named to it", () => {
  for (const name of ["token", "contentPolicy", "attachmentTypes", "webhooks"]) {
    assert.match(refusal({ api, [name]: "text" }, true).message, /^The option data-[a-z-]+ must be a.+ given to mount\(\)/);
  }
  let told = "";
  decide(shared, { api, colour: "red" }, base, true, (misuse) => (told = explain(misuse).message));
  assert.match(told, /data-session-id, data-send, data-enter-sends/);
});

const secrets = [{ clientSecret: "s3cret" }, { client_secret: "s3cret" }, { oauthClientSecret: "s3cret" }, { api, token, clientsecret: "s3cret" }, { oauth: { clientId: "a", clientSecret: "s3cret" } }];

test("a client secret is refused before all else, with the reason and the way to do it, and is not repeated", () => {
  for (const secret of secrets) {
    for (const fromTag of [false, true]) {
      const { code, message } = refusal({ api: "wrong", ...secret }, fromTag);
      assert.equal(code, "misuse/secret");
      assert.match(message, /^The option .*secret is refused, because every visitor can read .* the option token,(?!.*\. ).+\.$/i);
      assert.ok(!message.includes("s3cret"));
    }
  }
  assert.match(refusal({ oauthClientSecret: "s3cret" }, true).message, /data-oauth-client-secret/);
});
