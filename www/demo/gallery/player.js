// Plays the platform inside the page: its socket, its answers, its clock. No server is asked for any of it.
// Imported before the messenger's script runs, which then finds these in the browser's place.

/** The endpoint of every state: what goes there goes nowhere. */
export const endpoint = `${location.origin}/platform`;

/** Every state shows this moment. */
const moment_ms = Date.UTC(2026, 2, 12, 14, 5);
/** While a state comes about, seconds of waiting pass this much faster. */
const haste = 8;

const real = { Date, fetch: window.fetch, WebSocket: window.WebSocket, setTimeout: window.setTimeout.bind(window) };
const startedAt_ms = performance.now();
const realNow = performance.now.bind(performance);
let clock = { from_ms: startedAt_ms, at_ms: startedAt_ms, speed: 1 };
let isStill = false;

const monotonic = () => clock.at_ms + (realNow() - clock.from_ms) * clock.speed;

function run(speed) {
  clock = { at_ms: monotonic(), from_ms: realNow(), speed };
}

/** From here on seconds of waiting pass in a blink. */
export const hurry = () => run(100);

/** The clock stands still and no timer that runs will fire: what is on the screen stays. */
export function freeze() {
  isStill = true;
  window.setTimeout = real.setTimeout;
  run(0);
}

/** From here on every engine dies when it has painted a message. */
export function trap() {
  IntersectionObserver.prototype.observe = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  // It is meant to happen.
  window.addEventListener("error", (event) => event.preventDefault());
}

export const now_ms = () => Math.floor(moment_ms + monotonic() - startedAt_ms);

performance.now = monotonic;
window.Date = class extends real.Date {
  constructor(...parts) {
    super(...(parts.length ? parts : [now_ms()]));
  }
  static now() {
    return now_ms();
  }
};
window.setTimeout = (callback, span_ms = 0, ...rest) => real.setTimeout(() => isStill || callback(...rest), span_ms / (clock.speed || 1));

// Other tabs of the gallery are other conversations.
delete window.BroadcastChannel;

/** What the platform does; a state may replace any of it. */
export const platform = {
  config: {
    id: "gallery",
    version: "1",
    status: "Active",
    languages: ["en-us", "de", "fr", "es", "ar", "ja"],
    defaultLanguage: "en-us",
    messenger: {
      enabled: true,
      styles: { primaryColor: "#2f6b4f" },
      launcherButton: { visibility: "On" },
      fileUpload: { enableAttachments: true, modes: [{ fileTypes: ["image/png", "image/jpeg", "application/pdf"], maxFileSizeKB: 10240 }] },
      apps: {
        conversations: {
          enabled: true,
          showAgentTypingIndicator: true,
          showUserTypingIndicator: true,
          markdown: { enabled: true },
          conversationDisconnect: { enabled: true, type: "ReadOnly" },
          conversationClear: { enabled: true },
          humanize: { enabled: true, bot: { name: "Fern", avatarUrl: new URL("fern.svg", import.meta.url).href } },
        },
      },
    },
    auth: { enabled: false },
  },
  /** Of the messages so far, oldest first. */
  history: [],
  session: {},
  /** What HTTP calls get: "answer", "hang", or a status. */
  http: "answer",
  /** What a new socket does: "open", "hang" or "fail". */
  line: "open",
  /** Gets each message of the guest's and answers with frames. */
  onMessage: (frame) => [echo(frame)],
};

/** Every text that was said, by whomever: what else is on the screen is the messenger's own. */
export const said = new Set();

let socket;
let historyWasRead;

/** Settles when the messenger has what was said so far. */
export const historyRead = new Promise((settle) => (historyWasRead = settle));

/** Sends the guest a frame. */
export const send = (frame) => socket.say(frame);

/** The line breaks. */
export const hangUp = () => socket.end(1006);

const echo = ({ message, tracingId }) => ({
  type: "message",
  class: "StructuredMessage",
  code: 200,
  tracingId,
  body: {
    ...message,
    direction: "Inbound",
    originatingEntity: "Human",
    id: `echo-${tracingId}`,
    channel: { time: new Date().toISOString(), type: "Private", messageId: message.metadata?.id ?? tracingId },
  },
});

const answers = {
  configureSession: ({ tracingId }) => [{
    type: "response",
    class: "SessionResponse",
    code: 200,
    tracingId,
    body: {
      connected: true,
      newSession: platform.history.length === 0,
      readOnly: false,
      clearedExistingSession: false,
      allowedMedia: { inbound: { fileTypes: [{ type: "*/*" }], maxFileSizeKB: 10240 } },
      blockedExtensions: [".exe"],
      durationSeconds: 259_200,
      expirationDate: Math.floor(now_ms() / 1_000) + 259_200,
      ...platform.session,
    },
  }],
  getJwt: ({ tracingId }) => [{ type: "response", class: "JwtResponse", code: 200, tracingId, body: { jwt: "gallery", exp: Math.floor(now_ms() / 1_000) + 60 } }],
  echo: ({ tracingId }) => [{
    type: "message",
    class: "StructuredMessage",
    code: 200,
    tracingId,
    body: { type: "Text", text: "ping", direction: "Inbound", id: `pong-${tracingId}`, metadata: {} },
  }],
  onMessage: (frame) => (frame.message.type === "Event" ? [] : platform.onMessage(frame)),
};

window.WebSocket = class extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  binaryType = "blob";
  readyState = 0;

  constructor(url) {
    super();
    this.url = url;
    socket = this;
    if (platform.line !== "hang") queueMicrotask(() => (platform.line === "open" ? this.#open() : this.end(1006)));
  }

  send(text) {
    const frame = JSON.parse(text);
    note(frame);
    for (const answer of answers[frame.action]?.(frame) ?? []) queueMicrotask(() => this.say(answer));
  }

  close(code = 1000) {
    this.end(code);
  }

  say(frame) {
    note(frame);
    if (this.readyState === 1) this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }

  end(code) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    queueMicrotask(() => this.dispatchEvent(new CloseEvent("close", { code, wasClean: code === 1000 })));
  }

  #open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
};

window.fetch = async (input, init) => {
  const address = new URL(input.url ?? input, location.href);
  if (!address.href.startsWith(endpoint)) return real.fetch.call(window, input, init);
  run(haste);
  if (platform.http === "hang") return new Promise(() => undefined);
  if (platform.http !== "answer") return new Response("", { status: platform.http });
  note(platform.config);
  if (address.pathname.endsWith("/config.json")) return Response.json(platform.config);
  note(platform.history);
  queueMicrotask(historyWasRead);
  return Response.json(page());
};

/** All of it on one page, newest first. */
const page = () => ({
  entities: [...platform.history].reverse(),
  pageSize: 25,
  pageNumber: 1,
  total: platform.history.length,
  pageCount: 1,
});

function note(value) {
  if (typeof value === "string") said.add(value);
  else if (value && typeof value === "object") Object.values(value).forEach(note);
}
