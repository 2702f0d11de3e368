import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatError } from "../../www/src/errors.ts";
import { readMessage } from "../../www/src/outgoing.ts";

const file = { url: "https://files.example/a b.pdf?sig=1", contentType: "application/pdf", fileName: "a b.pdf", size: 1234 };

const refused = (message: unknown) => {
  try {
    readMessage(message);
  } catch (error) {
    assert(error instanceof ChatError);
    assert.deepEqual([error.code, error.retryable], ["misuse/message", false]);
    return error.message;
  }
  throw new Error("It was not refused.");
};

test("a message is a text with the files that lie elsewhere, each field as the reference names it", () => {
  const [text, files] = readMessage({ text: "see this", attachments: [file, { ...file, more: "of no concern" }] });
  assert.equal(text, "see this");
  const known = { ...file, url: "https://files.example/a%20b.pdf?sig=1" };
  assert.deepEqual(JSON.parse(files), { attachments: [known, known] });
});

test("either of the two may be missing", () => {
  assert.deepEqual(readMessage({ text: "alone" }), ["alone", '{"attachments":[]}']);
  assert.equal(readMessage({ attachments: [file] })[0], "");
});

test("a file needs an https address, a type, a name and a size in bytes", () => {
  const wrong = [
    { ...file, url: "http://files.example/a.pdf" },
    { ...file, url: "javascript:alert(1)" },
    { ...file, url: "/a.pdf" },
    { ...file, url: "https://who:secret@files.example/a.pdf" },
    { ...file, url: undefined },
    { ...file, contentType: "" },
    { ...file, contentType: 7 },
    { ...file, fileName: "" },
    { ...file, size: -1 },
    { ...file, size: 1.5 },
    { ...file, size: "1" },
    { ...file, size: undefined },
    null,
    "https://files.example/a.pdf",
  ];
  for (const attachment of wrong) refused({ attachments: [attachment] });
});

test("what is no list of at most twenty files, or no text, is refused", () => {
  for (const attachments of [file, "a", 7, null, Array(21).fill(file)]) refused({ text: "t", attachments });
  for (const text of [7, null, {}, ["a"]]) refused({ text });
  assert.equal(JSON.parse(readMessage({ attachments: Array(20).fill(file) })[1]).attachments.length, 20);
});

test("only own properties count, and what a getter throws is not told", () => {
  const inherited = Object.create({ attachments: [file], text: "of the prototype" });
  assert.deepEqual(readMessage(inherited), ["", '{"attachments":[]}']);
  const attachment = Object.create(file);
  refused({ attachments: [attachment] });
  const said = refused({ get text() { throw new Error("secret"); } });
  assert(!said.includes("secret"));
  assert(!refused({ attachments: [{ ...file, url: "http://secret.example" }] }).includes("secret"));
});

test("what a page has put on every object is not taken for the message's", () => {
  const objects = Object.prototype as unknown as Record<string, unknown>;
  objects["text"] = "of everything";
  try {
    assert.equal(readMessage({ attachments: [] })[0], "");
  } finally {
    delete objects["text"];
  }
});
