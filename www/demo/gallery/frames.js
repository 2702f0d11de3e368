// Messages as the platform writes them (guest API reference, section 6).
import { now_ms } from "./player.js";

const mara = { nickname: "Mara", image: new URL("mara.svg", import.meta.url).href };
let count = 0;

const body = (minutesAgo, text, rest) => {
  count++;
  return {
    id: `message-${count}`,
    type: rest.content ? "Structured" : "Text",
    text,
    ...rest,
    channel: {
      time: new Date(now_ms() - minutesAgo * 60_000 + count).toISOString(),
      type: "Private",
      messageId: `channel-${count}`,
      from: {},
      ...rest.channel,
    },
  };
};

export const guest = (minutesAgo, text, rest = {}) => body(minutesAgo, text, { direction: "Inbound", originatingEntity: "Human", ...rest });

export const agent = (minutesAgo, text, rest = {}) =>
  body(minutesAgo, text, { direction: "Outbound", originatingEntity: "Human", ...rest, channel: { from: mara } });

export const bot = (minutesAgo, text, ...content) =>
  body(minutesAgo, text, { direction: "Outbound", originatingEntity: "Bot", ...(content.length ? { content } : {}) });

export const live = (message) => ({ type: "message", class: "StructuredMessage", code: 200, body: message });

const event = (rest, metadata = {}) => live(body(0, undefined, { type: "Event", direction: "Outbound", originatingEntity: "Human", metadata, events: [rest] }));

export const typing = () => event({ eventType: "Typing", typing: { type: "On", durationMs: 15_000 } });

export const disconnect = (readOnly) => event({ eventType: "Presence", presence: { type: "Disconnect" } }, readOnly ? { readOnly: "true" } : {});

export const refusal = (frame, code, text) => ({ type: "response", class: "string", code, body: text, tracingId: frame.tracingId });

export const notice = (name, content = {}) => ({ type: "message", class: name, code: 200, body: content });

export const quickReply = (text, image) => ({ contentType: "QuickReply", quickReply: { text, payload: text, action: "Message", image } });

export const card = (fields) => ({ contentType: "Card", card: fields });

export const media = (name) => new URL(name, import.meta.url).href;

export const picture = (name) => media(`${name}.svg`);
