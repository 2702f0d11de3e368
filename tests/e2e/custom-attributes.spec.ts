// What the page tells of the visitor: participant data for the platform's flows (guest API reference, section 16).
import { expect, test } from "./fixtures.ts";

const inHtml = (text: string) => text.replaceAll('"', "&quot;");

/** Of the messages and events that went out: what they are, and what they carry. */
function sent(frames: string[]): [string, unknown][] {
  const messages = frames.map((frame) => JSON.parse(frame)).filter(({ action }) => action === "onMessage");
  return messages.map(({ message }) => [message.text ?? message.events[0].eventType, message.channel?.metadata.customAttributes]);
}

test("the page's attributes go along with each message, and with nothing else, until the platform finds them too large", async ({ widget, control, page }) => {
  const frames: string[] = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => frames.push(String(payload))));
  await widget.chat("Hello", { attributes: { "custom-attributes": inHtml('{"plan":"gold","orders":3}') } });
  await widget.send("And this");
  await widget.expectDelivered("And this");
  await control.frame({ type: "response", class: "string", code: 4013, body: "Custom Attributes are too large" });
  await control.say("Good morning");
  await expect(widget.message("Good morning")).toBeVisible();
  await widget.send("Without them");
  await widget.expectDelivered("Without them");
  const attributes = { plan: "gold", orders: "3" };
  expect(sent(frames).filter(([what]) => what !== "Typing")).toEqual([
    ["Hello", attributes],
    ["And this", attributes],
    ["Without them", undefined],
  ]);
  expect(sent(frames).filter(([what, carried]) => what === "Typing" && carried !== undefined)).toEqual([]);
  expect(await control.texts("guest")).toEqual(["Hello", "And this", "Without them"]);
});

test("they go along with joining, where the platform begins the conversation", async ({ widget, control, page }) => {
  await control.set({ auto_start: true });
  const frames: string[] = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => frames.push(String(payload))));
  await widget.visit({ attributes: { "custom-attributes": inHtml('{"plan":"gold"}') } });
  await widget.open();
  await expect.poll(() => sent(frames)).toContainEqual(["Presence", { plan: "gold" }]);
});
