// The agent desk: keeps the list of conversations in step with the platform and replies to guests.

import { factsOf, tagOf } from "./facts.js";
import { clock, dayEntry, element, markSeen, messageEntry, systemNotes, typingLine } from "./transcript.js";

const agent = { author: "agent", name: "Sam" };

/** Conversations by id, as the control API gives them. */
const conversations = new Map();
let chosen = null;
let lastTyped = 0;

const get = (id) => document.getElementById(id);

async function call(method, path, body) {
  const answer = await fetch(path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.message ?? `The stand-in answered ${answer.status}.`);
  }
  return answer.status === 204 ? null : answer.json();
}

/** Runs a request of the person at the desk, and says so when it fails. */
async function attempt(method, path, body) {
  get("problem").textContent = "";
  try {
    return await call(method, path, body);
  } catch (error) {
    get("problem").textContent = error.message;
    return null;
  }
}

async function loadAll() {
  const list = await call("GET", "conversations");
  conversations.clear();
  for (const conversation of list) conversations.set(conversation.id, conversation);
  if (!conversations.has(chosen)) chosen = null;
  if (chosen === null && list.length > 0) return choose(list.at(-1).id);
  drawList();
  drawConversation();
}

function choose(id) {
  chosen = id;
  drawList();
  drawConversation();
  get("text").focus();
  look();
}

/** What is on screen counts as read. */
function look() {
  const conversation = conversations.get(chosen);
  if (conversation?.unread > 0 && document.visibilityState === "visible") {
    conversation.unread = 0;
    drawList();
    call("POST", `conversations/${chosen}/read`).catch(() => {});
  }
}

// Changes

const changes = {
  async message({ conversation: id, message, unread, metrics }) {
    const conversation = conversations.get(id);
    if (!conversation) return loadAll();
    const previous = conversation.messages.at(-1);
    // Times rise within a conversation: what was loaded meanwhile comes a second time.
    if (previous && message.time <= previous.time) return;
    conversation.messages.push(message);
    conversation.unread = unread;
    conversation.metrics = metrics;
    if (message.author === "guest") conversation.typing = false;
    drawList();
    if (id === chosen) {
      appendMessage(message, previous, conversation);
      drawHead();
      look();
    }
  },
  async conversation({ conversation: id, state, unread, guest_name, api }) {
    const conversation = conversations.get(id);
    if (!conversation) return loadAll();
    conversation.state = state;
    conversation.unread = unread;
    conversation.guest_name = guest_name;
    conversation.api = api;
    drawList();
    if (id === chosen) drawHead();
  },
  async connection({ conversation: id, connections }) {
    const conversation = conversations.get(id);
    if (!conversation) return loadAll();
    conversation.connections = connections;
    drawList();
    if (id === chosen) drawHead();
  },
  async typing({ conversation: id, typing }) {
    const conversation = conversations.get(id);
    if (!conversation) return loadAll();
    conversation.typing = typing;
    drawList();
    if (id === chosen) drawHead();
  },
  async seen({ conversation: id, messages }) {
    const conversation = conversations.get(id);
    if (!conversation) return loadAll();
    const read = new Set(messages);
    for (const message of conversation.messages) message.seen ||= read.has(message.id);
    if (id === chosen) for (const entry of get("messages").children) if (read.has(entry.dataset.id)) markSeen(entry);
  },
  reload: loadAll,
};

function listen() {
  const events = new EventSource("events");
  const online = get("online");
  // A change that comes while everything is loaded again waits for its turn.
  let turn = Promise.resolve();
  const next = (work) => { turn = turn.then(work).catch(() => {}); };
  events.onopen = () => {
    online.textContent = "Online";
    online.classList.add("good");
    next(loadAll);
  };
  events.onerror = () => {
    online.textContent = "Reconnecting…";
    online.classList.remove("good");
  };
  events.onmessage = ({ data }) => {
    const change = JSON.parse(data);
    next(() => changes[change.kind]?.(change));
  };
}

// Drawing

let listIsDue = false;

/** Soon, and once for a burst of changes. */
function drawList() {
  if (listIsDue) return;
  listIsDue = true;
  setTimeout(drawListNow, 30);
}

function drawListNow() {
  listIsDue = false;
  const list = [...conversations.values()].sort((a, b) => lastTime(b).localeCompare(lastTime(a)));
  get("nobody").hidden = list.length > 0;
  get("list").replaceChildren(...list.map(listEntry));
  const total = list.reduce((sum, conversation) => sum + conversation.unread, 0);
  get("total").hidden = total === 0;
  get("total").textContent = String(total);
  document.title = total > 0 ? `(${total}) Agent desk` : "Agent desk";
}

function lastTime(conversation) {
  return conversation.messages.at(-1)?.time ?? "";
}

function listEntry(conversation) {
  const last = conversation.messages.at(-1);
  const entry = element("button", conversation.state === "live" ? "entry" : "entry over");
  entry.type = "button";
  if (conversation.id === chosen) entry.setAttribute("aria-current", "true");
  const middle = element("span", "");
  const title = element("span", "title", conversation.guest_name);
  title.append(element("span", "api", tagOf(conversation)));
  middle.append(title, element("span", "last", preview(conversation, last)));
  const side = element("span", "side", last ? clock(last.time) : "");
  if (conversation.unread > 0) side.append(element("span", "badge", String(conversation.unread)));
  entry.append(avatar(element("span", "avatar"), conversation), middle, side);
  entry.addEventListener("click", () => choose(conversation.id));
  const item = element("li", "");
  item.append(entry);
  return item;
}

function preview(conversation, last) {
  if (conversation.typing) return "typing…";
  if (!last) return "No message yet";
  if (last.author === "system") return systemNotes[last.text] ?? last.text;
  const text = last.text || last.content[0]?.contentType || "";
  return last.author === "agent" ? `You: ${text}` : text;
}

function avatar(target, conversation) {
  const hue = Number.parseInt(conversation.token_hash.slice(0, 4), 16) % 360;
  target.textContent = conversation.guest_name.replace(/^Guest /, "").slice(0, 2).toUpperCase();
  target.style.setProperty("--hue", `hsl(${hue} 45% 42%)`);
  target.classList.toggle("connected", conversation.connections > 0);
  target.title = conversation.connections > 0 ? "Connected" : "Not connected";
  return target;
}

const mostShown = 500;
const stateNames = { live: "live", ended: "ended", read_only: "ended, read only" };

function drawHead() {
  const conversation = conversations.get(chosen);
  get("name").textContent = conversation?.guest_name ?? "No conversation chosen";
  get("avatar").hidden = get("reply").hidden = !conversation;
  get("end").hidden = conversation?.state !== "live";
  get("typing").replaceChildren(...(conversation?.typing ? typingLine(`${conversation.guest_name} is typing…`) : []));
  drawFacts();
  if (!conversation) {
    get("state").textContent = "";
    return;
  }
  const count = conversation.connections;
  const connected = count === 0 ? "not connected" : count === 1 ? "connected" : `${count} connections`;
  get("state").textContent = `${connected} · ${stateNames[conversation.state]}`;
  avatar(get("avatar"), conversation);
}

function drawFacts() {
  const conversation = conversations.get(chosen);
  const facts = conversation ? factsOf(conversation) : [];
  get("facts").replaceChildren(...facts.map((fact) => element("li", "", fact)));
}

function drawConversation() {
  drawHead();
  const conversation = conversations.get(chosen);
  const messages = conversation?.messages ?? [];
  get("messages").replaceChildren();
  if (messages.length > mostShown) get("messages").append(element("li", "note", `The last ${mostShown} of ${messages.length} messages`));
  let previous;
  for (const message of messages.slice(-mostShown)) {
    appendMessage(message, previous, conversation);
    previous = message;
  }
  get("transcript").scrollTop = get("transcript").scrollHeight;
}

function appendMessage(message, previous, conversation) {
  const scroller = get("transcript");
  const atEnd = isAtEnd();
  const day = (time) => new Date(time).toDateString();
  if (!previous || day(previous.time) !== day(message.time)) get("messages").append(dayEntry(message.time));
  get("messages").append(messageEntry(message, previous, conversation.guest_name));
  if (atEnd || message.author === "agent") scroller.scrollTop = scroller.scrollHeight;
}

function isAtEnd(slack = 80) {
  const { scrollHeight, scrollTop, clientHeight } = get("transcript");
  return scrollHeight - scrollTop - clientHeight < slack;
}

// A picture takes its room only once it has come.
get("transcript").addEventListener("load", ({ target }) => {
  if (isAtEnd(80 + target.clientHeight)) get("transcript").scrollTop = get("transcript").scrollHeight;
}, true);

// Replying

const shoe = {
  title: "Trail shoe",
  description: "Light, dry and quick on wet ground.",
  image: `${location.origin}/sandbox/images/trail.png`,
  actions: [{ type: "Postback", text: "I take it", payload: "ORDER:TRAIL" }, { type: "Link", text: "Details", url: "https://shop.example.test/trail" }],
};
const sneaker = {
  title: "City sneaker",
  description: "Recycled canvas, every day.",
  image: `${location.origin}/sandbox/images/sneaker.png`,
  actions: [{ type: "Postback", text: "I take it", payload: "ORDER:SNEAKER" }],
};
const examples = {
  quick: { text: "Does that answer your question?", quick_replies: ["Yes, thank you", "Not quite"] },
  card: { text: "Have a look at this one.", card: shoe },
  carousel: { text: "These would go well with it.", carousel: [shoe, sneaker] },
};

function send(body) {
  if (chosen !== null) attempt("POST", `conversations/${chosen}/messages`, { ...agent, ...body });
}

function sendText() {
  const text = get("text").value.trim();
  if (text === "") return;
  get("text").value = "";
  lastTyped = 0;
  send({ text });
}

get("reply").addEventListener("submit", (event) => {
  event.preventDefault();
  sendText();
});
get("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    sendText();
  }
});
get("text").addEventListener("input", () => {
  const now = Date.now();
  if (chosen !== null && get("text").value !== "" && now - lastTyped > 4000) {
    lastTyped = now;
    attempt("POST", `conversations/${chosen}/typing`, { duration_ms: 5000 });
  }
});
for (const button of document.querySelectorAll("[data-example]")) {
  button.addEventListener("click", () => send(examples[button.dataset.example]));
}
get("file-open").addEventListener("click", () => get("file").click());
get("file").addEventListener("change", () => {
  const [file] = get("file").files;
  if (!file) return;
  const reader = new FileReader();
  reader.onload = () => {
    const base64 = String(reader.result).split(",")[1] ?? "";
    send({ file: { name: file.name, mime: file.type || "application/octet-stream", base64 } });
    get("file").value = "";
  };
  reader.readAsDataURL(file);
});

// Ending and faults

function toggle(button, panel, open) {
  panel.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
}

get("end-open").addEventListener("click", () => toggle(get("end-open"), get("end-items"), get("end-items").hidden));
document.addEventListener("click", (event) => {
  if (!get("end").contains(event.target)) toggle(get("end-open"), get("end-items"), false);
});
for (const button of document.querySelectorAll("[data-end]")) {
  button.addEventListener("click", () => {
    toggle(get("end-open"), get("end-items"), false);
    attempt("POST", `conversations/${chosen}/disconnect`, { read_only: button.dataset.end === "read-only" });
  });
}

const faults = [
  ["Drop the connections", "abruptly, no close frame", { kind: "kill" }],
  ["Close the connections", "cleanly, code 1000", { kind: "close" }],
  ["Refuse 3 handshakes", "with 403", { kind: "refuse", count: 3 }],
  ["Lose the next echo", "a frame to the guest", { kind: "drop", direction: "to_guest" }],
  ["Lose the next message", "a frame to the platform", { kind: "drop", direction: "to_platform" }],
  ["Drop after accepting", "the message is stored, its echo is lost", { kind: "kill", on: "message" }],
  ["Delay 3 frames", "to the guest, by 3 seconds", { kind: "delay", direction: "to_guest", count: 3, ms: 3000 }],
  ["Repeat the next frame", "to the guest, 3 times", { kind: "duplicate", direction: "to_guest", copies: 3 }],
  ["Swap 2 frames", "to the guest", { kind: "reorder", direction: "to_guest" }],
  ["Rate limit", "429 for the next message", { kind: "rate_limit", retry_after_s: 5 }],
  ["Expire the sessions", "now", { kind: "expire" }],
  ["Break history", "500 for the next 2 reads", { kind: "http", route: "history", status: 500, count: 2 }],
  ["Lose the next answer", "REST: the message is taken, the line is cut", { kind: "http", route: "send", lost: "answer" }],
  ["Rate limit sending", "REST: 429 three times, as seconds, a date and nothing", [
    { kind: "http", route: "send", status: 429, retry_after: 2 },
    { kind: "http", route: "send", status: 429, retry_after_date_s: 3 },
    { kind: "http", route: "send", status: 429 },
  ]],
  ["Break sending", "REST: 503 for the next 2 messages", { kind: "http", route: "send", status: 503, count: 2 }],
  ["Break typing", "REST: 500 for the next 3 calls", { kind: "http", route: "typing", status: 500, count: 3 }],
];

async function drawArmed() {
  const armed = await attempt("GET", "faults");
  get("armed").replaceChildren(...(armed ?? []).map((fault) => element("li", "", JSON.stringify(fault))));
  if (armed?.length === 0) get("armed").append(element("li", "", "none"));
}

get("fault-list").append(...faults.map(([name, what, fault]) => {
  const button = element("button", "", name);
  button.type = "button";
  button.append(element("small", "", what));
  button.addEventListener("click", async () => {
    await attempt("POST", "faults", fault);
    drawArmed();
  });
  return button;
}));
get("faults-clear").addEventListener("click", async () => {
  await attempt("DELETE", "faults");
  drawArmed();
});
get("faults-open").addEventListener("click", () => {
  toggle(get("faults-open"), get("faults"), get("faults").hidden);
  if (!get("faults").hidden) drawArmed();
});

document.addEventListener("visibilitychange", look);
// What was said in the last minute grows old by itself.
setInterval(drawFacts, 5000);
listen();
