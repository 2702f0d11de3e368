import assert from "node:assert/strict";
import { test } from "node:test";
import { attributed, show } from "../../www/src/lazy/attributes.ts";

const given = '{"plan":"gold"}';
const frame = (message: object) => JSON.stringify({ action: "onMessage", message, token: "t", tracingId: "1" });
const text = frame({ type: "Text", metadata: { id: "1" }, text: "Hello" });
const channel = { metadata: { customAttributes: { plan: "gold" } } };

class Socket extends EventTarget {
  readonly sent: unknown[] = [];
  send(data: unknown) {
    this.sent.push(data);
  }
  hear(data: unknown) {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

const carry = (sockets: Set<Socket>, isConnected: boolean) =>
  show(undefined as never, undefined, { root: { host: { isConnected } }, sockets, options: { attributes: given } } as never);

function opened(isConnected = true): Socket {
  const sockets = new Set<Socket>();
  carry(sockets, isConnected);
  const socket = new Socket();
  sockets.add(socket);
  assert.equal(sockets.size, 1);
  return socket;
}

test("a socket that was open before the script came carries them too", () => {
  const socket = new Socket();
  carry(new Set([socket]), true);
  socket.send(text);
  assert.deepEqual(socket.sent, [attributed(text, given)]);
});

test("the attributes go along in messages, in answers and in joining, within the message", () => {
  for (const message of [
    { type: "Text", text: "Hello" },
    { type: "Structured", content: [] },
    { type: "Event", events: [{ eventType: "Presence", presence: { type: "Join" } }] },
  ]) {
    assert.deepEqual(JSON.parse(attributed(frame(message), given)), { action: "onMessage", message: { channel, ...message }, token: "t", tracingId: "1" });
  }
});

test("nothing else carries them", () => {
  for (const other of [
    frame({ type: "Event", events: [{ eventType: "Typing", typing: { type: "On" } }] }),
    frame({ type: "Event", events: [{ eventType: "Presence", presence: { type: "Clear" } }] }),
    frame({ type: "Receipt", id: "1", status: "Read" }),
    JSON.stringify({ action: "configureSession", deploymentId: "d" }),
    JSON.stringify({ action: "echo", message: { type: "Text", text: "ping" } }),
  ]) {
    assert.equal(attributed(other, given), other);
  }
});

test("a text in which a frame is written stays the text that it is", () => {
  const quoted = frame({ type: "Text", text: text });
  assert.equal(JSON.parse(attributed(quoted, given)).message.text, text);
});

test("attributes that the platform finds too large are sent no more", () => {
  const socket = opened();
  socket.send(text);
  socket.hear('{"type":"response","class":"string","code":200,"body":"4013"}');
  socket.hear("no JSON, 4013");
  socket.send(text);
  socket.hear('{"type":"response","class":"string","code":4013,"body":"too large","tracingId":"1"}');
  socket.send(text);
  assert.deepEqual(socket.sent, [attributed(text, given), attributed(text, given), text]);
});

test("a messenger that is off the page leaves nothing behind for the next one", () => {
  const socket = opened(false);
  socket.send(text);
  assert.deepEqual(socket.sent, [text]);
});
