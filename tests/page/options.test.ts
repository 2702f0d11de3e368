import assert from "node:assert/strict";
import { test } from "node:test";
import { type Misuse, explain } from "../../www/src/explain.ts";
import { type ReadOptions, readPlain, shared } from "../../www/src/options.ts";
import { decide } from "../../www/src/rules.ts";

const base = "https://shop.example/products/tea?color=green";
const deploymentId = "7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c41d3";
const names =
  "deploymentId, environment, endpoint, api, typing, receipts, conversationId, participantId, sessionId, token, send, contentPolicy, " +
  "attachmentTypes, webhooks, enterSends, preview, titleFlash, customAttributes, remember, open, locale, primaryColor, position, colorScheme, auth";

/** As mountWith does. */
const read = (source: unknown, report?: (misuse: Misuse) => void): ReadOptions =>
  readPlain(source, base, !!report) ?? decide(shared, source, base, !!report, report ?? (() => assert.fail()));

const readOptions = (source: unknown) => read(source);
const readAttributes = (dataset: Record<string, string>, report: (misuse: Misuse) => void) => read(dataset, report);

/** Of what is wrong, told in one sentence. */
function sentence(read: () => unknown, code = "misuse/option"): string {
  try {
    read();
  } catch (thrown) {
    const error = explain(thrown as Misuse);
    assert.equal(error.code, code);
    assert.equal(error.retryable, false);
    assert.match(error.message, /^The option(?!.*\. )s? .+\.$/);
    return error.message;
  }
  return "nothing was wrong";
}

const inObject = (options: unknown) => sentence(() => readOptions(options));

const inTag = (dataset: Record<string, string>) =>
  sentence(() =>
    readAttributes(dataset, (misuse) => {
      throw misuse;
    }),
  );

test("only the deployment id is required, the rest has its default", () => {
  assert.deepEqual(readOptions({ deploymentId }), {
    deploymentId,
    domain: "mypurecloud.com",
    endpoint: "",
    api: "guest",
    typing: "socket",
    receipts: "auto",
    remember: false,
    locale: "",
    open: false,
    primaryColor: "",
    position: "auto",
    colorScheme: "auto",
    auth: undefined,
  });
});

test("an option that is undefined counts as unset", () => {
  assert.equal(readOptions({ deploymentId, locale: undefined }).locale, "");
});

test("options that are no object are explained", () => {
  for (const options of [undefined, null, "id", 7]) {
    assert.equal(inObject(options), 'The options must be an object, such as { deploymentId: "…" }.');
  }
});

test("a missing deployment id is explained, in the words of its place", () => {
  assert.equal(inObject({}), "The option deploymentId is missing: set it to the deployment's id, 1 to 128 letters, digits and hyphens.");
  assert.equal(inTag({}), "The option data-deployment-id is missing: set it to the deployment's id, 1 to 128 letters, digits and hyphens.");
});

test("an unknown option is explained with the known ones", () => {
  assert.equal(inObject({ deploymentId, colour: "red" }), `The option colour is unknown: the options are ${names}.`);
  assert.match(inTag({ deploymentId, colour: "red" }), /^The option data-colour is unknown: the options are data-deployment-id, .*data-color-scheme\.$/);
});

test("an unknown attribute is reported and passed over", () => {
  const reported: string[] = [];
  const options = readAttributes({ deploymentId, open: "", cfasync: "false" }, (misuse) => reported.push(explain(misuse).message));
  assert.deepEqual(options, readOptions({ deploymentId, open: true }));
  assert.equal(reported.length, 1);
  assert.match(reported[0]!, /^The option data-cfasync is unknown/);
});

test("only own properties are options", () => {
  assert.equal(readOptions(Object.create({ open: true }, { deploymentId: { value: deploymentId, enumerable: true } })).open, false);
  assert.match(inObject({ deploymentId, constructor: 1 }), /^The option constructor is unknown/);
  assert.match(inObject(JSON.parse(`{ "deploymentId": "a", "__proto__": { "open": true } }`)), /^The option __proto__ is unknown/);
});

const wrong: [name: string, values: unknown[], expected: string][] = [
  ["deploymentId", ["a b", "a/b", "../a", "a".repeat(129), 7, null], "the deployment's id, 1 to 128 letters, digits and hyphens"],
  ["environment", ["mars", "example.com", "us-north-1", "us-east-9", "us--1", "evil.com/mypurecloud.com", "", "constructor", "__proto__", 7, null], 'a region such as "prod", "euw1", "us-east-1" or "mypurecloud.ie"'],
  [
    "endpoint",
    ["", "ftp://h", "javascript:alert(1)", "http://", "https://me:secret@h", "https://h/?a=1", "https://h/#a", null],
    "an http, https, ws or wss address without a query",
  ],
  ["api", ["open", "Guest", 7], '"guest" or "conversations"'],
  ["typing", ["often", null, "sockets"], '"socket", "participants", "conversations" or "webchat"'],
  ["receipts", ["always", true], '"auto", "local", "socket", "participants" or "conversations"'],
  ["conversationId", ["", "a b", "a\nb", "a".repeat(129), 7, null], "an id of 1 to 128 characters without spaces"],
  ["participantId", ["", "\u200b"], "an id of 1 to 128 characters without spaces"],
  ["sessionId", ["", ["a"]], "an id of 1 to 128 characters without spaces"],
  ["token", ["eyJ0", null, {}], "a function, given to mount(), that answers { token, expiresIn }"],
  ["send", ["post", true], '"messages" or "participants"'],
  ["contentPolicy", ["<script", [""], [/x/], { 0: "a", length: 1 }], "a list of texts, given to mount(), that no message may contain"],
  ["attachmentTypes", ["image/png", ["png"], ["image/"], [7], [undefined]], 'a list, given to mount(), of MIME types such as "image/png"'],
  [
    "webhooks",
    ["https://h/", null, { analytics: 7 }, { analytics: "ftp://h/" }, { crm: "https://me:secret@h/" }, { sales: "https://h/" }, { crm: null }],
    "an object, given to mount(), with the addresses analytics and crm or one of them",
  ],
  ["remember", ["yes", "true", 1, null], "true or false"],
  ["open", ["true", 0, {}], "true or false"],
  ["locale", ["e", "en_US", "en-", "<b>", 7], 'a language tag such as "en" or "pt-BR"'],
  ["primaryColor", ["red", "#12345", "#ggg", "#1234", "url(x)", "#fff;", 7], 'a colour such as "#0b7285"'],
  ["position", ["top", "LEFT", 7], '"auto", "left" or "right"'],
  ["colorScheme", ["sepia", null], '"auto", "light" or "dark"'],
];

for (const [name, values, expected] of wrong) {
  test(`a wrong ${name} is explained`, () => {
    for (const value of values) {
      assert.equal(inObject({ deploymentId, [name]: value }), `The option ${name} must be ${expected}.`, String(value));
    }
  });
}

test("a flag in the tag is true, false or there without a value", () => {
  const read = (open: string) => readAttributes({ deploymentId, open }, () => assert.fail()).open;
  assert.equal(read(""), true);
  assert.equal(read("true"), true);
  assert.equal(read("false"), false);
  assert.equal(inTag({ deploymentId, open: "yes" }), "The option data-open must be true or false.");
});

const regions: Record<string, string> = {
  prod: "mypurecloud.com",
  use1: "mypurecloud.com",
  "prod-use1": "mypurecloud.com",
  "MyPureCloud.com": "mypurecloud.com",
  "use1.pure.cloud": "use1.pure.cloud",
  "fedramp-use2-core": "use2.us-gov-pure.cloud",
  "fedramp-use2": "use2.us-gov-pure.cloud",
  "use2.us-gov-pure.cloud": "use2.us-gov-pure.cloud",
  "prod-usw2": "usw2.pure.cloud",
  "prod-cac1": "cac1.pure.cloud",
  "prod-mxc1": "mxc1.pure.cloud",
  "prod-sae1": "sae1.pure.cloud",
  "prod-euw1": "mypurecloud.ie",
  EUW1: "mypurecloud.ie",
  "euw1.pure.cloud": "euw1.pure.cloud",
  "prod-euw2": "euw2.pure.cloud",
  "prod-euc1": "mypurecloud.de",
  "euc1.pure.cloud": "euc1.pure.cloud",
  "prod-euc2": "euc2.pure.cloud",
  "eusc-edee1-core": "edee1.eusc-pure.cloud",
  "edee1.eusc-pure.cloud": "edee1.eusc-pure.cloud",
  "prod-mec1": "mec1.pure.cloud",
  "prod-aps1": "aps1.pure.cloud",
  "prod-apse1": "apse1.pure.cloud",
  "prod-apse2": "mypurecloud.com.au",
  "apse2.pure.cloud": "apse2.pure.cloud",
  "prod-apne1": "mypurecloud.jp",
  "apne1.pure.cloud": "apne1.pure.cloud",
  "prod-apne2": "apne2.pure.cloud",
  "prod-apne3": "apne3.pure.cloud",
  "us-east-1": "mypurecloud.com",
  "us-east-2": "use2.us-gov-pure.cloud",
  "US-West-2": "usw2.pure.cloud",
  "ca-central-1": "cac1.pure.cloud",
  "mx-central-1": "mxc1.pure.cloud",
  "sa-east-1": "sae1.pure.cloud",
  "eu-west-1": "mypurecloud.ie",
  "eu-west-2": "euw2.pure.cloud",
  "eu-central-1": "mypurecloud.de",
  "eu-central-2": "euc2.pure.cloud",
  "me-central-1": "mec1.pure.cloud",
  "ap-south-1": "aps1.pure.cloud",
  "ap-southeast-1": "apse1.pure.cloud",
  "ap-southeast-2": "mypurecloud.com.au",
  "ap-northeast-1": "mypurecloud.jp",
  "ap-northeast-2": "apne2.pure.cloud",
  "ap-northeast-3": "apne3.pure.cloud",
};

test("a region is found by its name, its alias and its domains, in any case", () => {
  for (const [environment, domain] of Object.entries(regions)) {
    assert.equal(readOptions({ deploymentId, environment }).domain, domain, environment);
  }
});

test("an endpoint is made absolute, without a slash at its end", () => {
  const read = (endpoint: string) => readOptions({ deploymentId, endpoint }).endpoint;
  assert.equal(read("/"), "https://shop.example");
  assert.equal(read("/proxy/"), "https://shop.example/proxy");
  assert.equal(read("ws://127.0.0.1:8080"), "ws://127.0.0.1:8080");
  assert.equal(read("HTTPS://Chat.Example:8443/a/b"), "https://chat.example:8443/a/b");
});

test("an endpoint takes the region's place", () => {
  assert.equal(readOptions({ deploymentId, endpoint: "/", environment: "euw1" }).domain, "");
});

test("auth is a function of the page's, and no attribute", () => {
  const auth = () => null;
  assert.equal(readOptions({ deploymentId, auth }).auth, auth);
  assert.equal(inObject({ deploymentId, auth: "ada" }), "The option auth must be a function, given to mount(), that tells who is signed in.");
  assert.equal(inTag({ deploymentId, auth: "ada" }), "The option data-auth must be a function, given to mount(), that tells who is signed in.");
});

test("a page that mounts twice is told what to do first", () => {
  const { code, message } = explain({ kind: "mounted", name: "" });
  assert.equal(message, "The messenger is on this page already: call destroy() on it before mounting another.");
  assert.equal(code, "misuse/mounted");
});

test("how the messenger behaves is a matter of yes and no, unset unless the page says", () => {
  for (const name of ["enterSends", "preview", "titleFlash"] as const) {
    assert.equal(readOptions({ deploymentId })[name], undefined);
    assert.equal(readOptions({ deploymentId, [name]: false })[name], false);
    assert.equal(readAttributes({ deploymentId, [name]: "" }, () => undefined)[name], true);
    assert.equal(inObject({ deploymentId, [name]: "false" }), `The option ${name} must be true or false.`);
  }
});

test("custom attributes become texts in JSON, and may be that already in the tag", () => {
  const customAttributes = { plan: "gold", orders: 3, isNew: false };
  const texts = '{"plan":"gold","orders":"3","isNew":"false"}';
  assert.equal(readOptions({ deploymentId, customAttributes }).attributes, texts);
  assert.equal(readAttributes({ deploymentId, customAttributes: JSON.stringify(customAttributes) }, () => undefined).attributes, texts);
  assert.equal(readOptions({ deploymentId }).attributes, undefined);
});

test("custom attributes that the platform would refuse are a mistake of the page", () => {
  const expected = "texts, numbers or truth values by name, 2048 bytes in all; in the tag as JSON";
  for (const wrong of [null, "gold", ["gold"], { plan: null }, { plan: { name: "gold" } }, { plan: "é".repeat(1_023) }]) {
    assert.equal(inObject({ deploymentId, customAttributes: wrong }), `The option customAttributes must be ${expected}.`);
  }
  assert.equal(readOptions({ deploymentId, customAttributes: { plan: "é".repeat(1_022) } }).attributes?.length, 1_022 + '{"plan":""}'.length);
  assert.equal(inTag({ deploymentId, customAttributes: "plan=gold" }), `The option data-custom-attributes must be ${expected}.`);
  assert.match(inObject({ api: "conversations", customAttributes: { plan: "gold" } }), /custom attributes are for the api "guest" only/);
});
