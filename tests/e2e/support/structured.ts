// A message with something of the corpus at the place that a surface such as "card.action.url" names.
import type { Json } from "./control.ts";

/** What a platform sends under each name, whole and harmless. */
const whole: Record<string, () => Json> = {
  quickReply: () => ({ text: "a", payload: "a" }),
  quickReplyV2: () => ({ title: "t", actions: [{ text: "a", payload: "a" }] }),
  buttonResponse: () => ({ type: "QuickReply", text: "a", payload: "a" }),
  card: () => ({ title: "t", description: "d", actions: [{ type: "Postback", text: "a", payload: "a" }] }),
  carousel: () => ({ cards: [{ title: "t", description: "d", actions: [] }] }),
  generic: () => ({ title: "t", description: "d", actions: {}, components: [] }),
  attachment: () => ({ id: "1", filename: "a.bin", mediaType: "File", mime: "application/octet-stream", fileSize: 5 }),
  datePicker: () => ({ title: "t", availableTimes: [{ dateTime: "2026-10-20T09:00:00.000Z", duration: 1800 }] }),
  listPicker: () => ({ id: "l", sections: [{ title: "s", multipleSelection: false, items: [{ id: "i", title: "i" }] }], receivedMessage: { title: "t" }, replyMessage: { title: "t" } }),
  form: () => ({ cannedResponseId: "f", introduction: { title: "t", buttonText: "b" }, formPages: [{ title: "p", pageComponents: [{ formComponentType: "Input", input: { id: "i", title: "i" } }] }] }),
  text: () => ({ type: "Text", body: "b" }),
};
const contentTypes: Record<string, string> = { generic: "GenericTemplate" };
/** What comes as an event and not as content. */
const events = new Set(["video", "coBrowse", "typing", "presence", "reactions"]);

const capital = (name: string) => name[0]!.toUpperCase() + name.slice(1);

/** The body of a message that says `text`, with `value` in that place. */
export function bodyWith(surface: string, value: unknown, text: string): Json {
  const [root = "", ...path] = surface.match(/[^.[\]]+|\[\d*\]/g) ?? [];
  const time = new Date().toISOString();
  const body: Json = { type: "Structured", text, content: [], channel: { type: "Private", time, from: { nickname: "Ana" }, to: {} } };
  const make = whole[root];
  if (make) {
    const item = (found: unknown) => ({ contentType: contentTypes[root] ?? capital(root), [root]: found });
    // A list of them: each is an item of the content.
    if (path.length === 1 && path[0] === "[]" && Array.isArray(value)) return { ...body, content: value.map(item) };
    const holder: Json = { it: make() };
    // An action that has an address is one that opens it.
    if (path.at(-1) === "url" && path.length > 1) put(holder, ["it", ...path.slice(0, -1), "type"], "Link");
    put(holder, ["it", ...path], value);
    return { ...body, content: [item(holder["it"])] };
  }
  if (events.has(root)) {
    const holder: Json = { it: { type: "Offering" } };
    put(holder, ["it", ...path], value);
    return { ...body, type: "Event", events: [{ eventType: capital(root), [root]: holder["it"] }], content: [] };
  }
  put(body, [root, ...path], value);
  return body;
}

/** Puts it there; what is not there on the way is made. `action` means the first of `actions`, `[]` at the end the whole list. */
function put(holder: any, path: string[], value: unknown): void {
  const steps = path.at(-1) === "[]" ? path.slice(0, -1) : path;
  let at = holder;
  for (const [depth, step] of steps.entries()) {
    const isFirstOfMany = !(step in at) && Array.isArray(at[`${step}s`]);
    const [inside, key] = isFirstOfMany ? [at[`${step}s`], 0] : [at, step.startsWith("[") ? Number(step.slice(1, -1)) : step];
    if (depth === steps.length - 1) {
      // An action is an object, and its address what is hostile in it.
      inside[key] = typeof value === "string" && step.endsWith("Action") ? { type: "Link", text: "a", url: value } : value;
      return;
    }
    if (typeof inside[key] !== "object" || inside[key] === null) inside[key] = {};
    at = inside[key];
  }
}
