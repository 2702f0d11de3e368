// Runs on the bench's page before the messenger: a platform within the page, and the measuring itself.
// The messages take the messenger's whole way: socket, JSON, session, transcript, rows. Only the network is missing.
(() => {
  class Socket extends EventTarget {
    static newest = undefined;
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSING = 2;
    static CLOSED = 3;
    readyState = 0;
    binaryType = "blob";
    bufferedAmount = 0;
    extensions = "";
    protocol = "";

    constructor(url) {
      super();
      this.url = url;
      Socket.newest = this;
      queueMicrotask(() => {
        this.readyState = 1;
        this.#tell(new Event("open"));
      });
    }

    /** A frame as text, as it comes from the network. */
    deliver(data) {
      this.#tell(new MessageEvent("message", { data }));
    }

    send(text) {
      const { action, tracingId, message } = JSON.parse(text);
      const answer = (className, body) => this.deliver(JSON.stringify({ type: "response", class: className, code: 200, body, tracingId }));
      if (action === "configureSession") answer("SessionResponse", { connected: true, newSession: true, readOnly: false });
      if (action === "echo") answer("string", "echo");
      if (action === "onMessage" && message.text) answer("StructuredMessage", { id: tracingId, type: "Text", text: message.text, direction: "Inbound", channel: { time: new Date(firstAt_ms - 1_000).toISOString() } });
    }

    close() {
      this.readyState = 3;
      this.#tell(new CloseEvent("close", { code: 1000 }));
    }

    #tell(event) {
      this[`on${event.type}`]?.(event);
      this.dispatchEvent(event);
    }
  }
  window.WebSocket = Socket;

  const instantiate = WebAssembly.instantiate;
  let memory;
  WebAssembly.instantiate = async (...all) => {
    const made = await instantiate(...all);
    memory = Object.values((made.instance ?? made).exports).find((value) => value instanceof WebAssembly.Memory);
    return made;
  };

  const longTasks_ms = [];
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => longTasks_ms.push(duration))).observe({ type: "longtask" });

  const sentences = [
    "Thanks for waiting, I have your order open now.",
    "Could you tell me the last four digits of the reference?",
    "It left our warehouse this morning and should reach you tomorrow before noon.",
    "Yes.",
    "I have added a note to the courier so that they ring the second bell; if nobody answers they will leave it with the concierge and send you a photo.",
    "Is there anything else I can help with?",
    "Ça marche, merci ! 👍",
    "One moment please.",
  ];
  const firstAt_ms = Date.UTC(2026, 0, 5, 9);

  const part = (name) => document.querySelector("guest-messenger")?.shadowRoot?.querySelector(`[part=${name}]`);
  const newestText = () => part("list")?.lastElementChild?.textContent ?? "";
  const isLast = (number) => newestText().includes(`#${number}.`);

  const frame = (number) =>
    JSON.stringify({
      type: "message",
      class: "StructuredMessage",
      code: 200,
      body: {
        id: `message-${number}`,
        type: "Text",
        text: `${sentences[number % sentences.length]} #${number}.`,
        direction: "Outbound",
        originatingEntity: "Human",
        channel: { time: new Date(firstAt_ms + number * 1_000).toISOString(), type: "Private", from: { nickname: "Ana" } },
      },
    });

  /** Made before anything is measured: that is the platform's work, and none of the page's. */
  const makeFrames = (from, count) => Array.from({ length: count }, (_, at) => frame(from + at));

  /** Hands the frames over in tasks of so many. Answers when the last task has begun. */
  const deliverAll = (frames, inTask, socket) =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      let next = 0;
      port1.onmessage = () => {
        for (let more = 0; more < inTask && next < frames.length; more++) socket.deliver(frames[next++]);
        if (next === frames.length) resolve();
      };
      for (let sent = 0; sent < frames.length; sent += inTask) port2.postMessage(0);
    });

  /** Until the message is the last row, laid out. At once when it is there already. */
  async function landed(number) {
    if (!isLast(number)) {
      await new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (!isLast(number)) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(part("list"), { childList: true, subtree: true });
      });
    }
    void part("transcript").scrollHeight;
  }

  const task = () => new Promise((resolve) => setTimeout(resolve));

  /** A socket hands each message over in a task of its own. */
  const socketTask = () => {
    const { port1, port2 } = new MessageChannel();
    return new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(0);
    }).finally(() => port1.close());
  };

  window.bench = {
    part,
    memory_bytes: () => memory.buffer.byteLength,
    elements: () => document.querySelector("guest-messenger").shadowRoot.querySelectorAll("*").length,

    /** One by one: the time of each, in milliseconds. */
    async append(from, count) {
      const frames = makeFrames(from, count);
      const spans_ms = [];
      for (const [at, text] of frames.entries()) {
        await socketTask();
        const begun_ms = performance.now();
        Socket.newest.deliver(text);
        await landed(from + at);
        spans_ms.push(performance.now() - begun_ms);
      }
      return spans_ms;
    },

    /** The same texts, one by one, in a list of sixty lines and nothing else: what the browser itself takes. */
    async bare(count) {
      const list = document.createElement("div");
      list.style.cssText = "position: fixed; inset: 0 auto auto 0; width: 380px; height: 560px; overflow: auto; contain: strict";
      document.body.append(list);
      const spans_ms = [];
      for (let number = 0; number < count; number++) {
        const text = `${sentences[number % sentences.length]} #${number}.`;
        await socketTask();
        const begun_ms = performance.now();
        const line = document.createElement("div");
        line.textContent = text;
        list.append(line);
        if (list.childElementCount > 60) list.firstElementChild.remove();
        list.scrollTop = list.scrollHeight;
        void list.scrollHeight;
        spans_ms.push(performance.now() - begun_ms);
      }
      list.remove();
      return spans_ms;
    },

    /** As fast as the page takes them, so many in a task. */
    async burst(count, inTask) {
      const frames = makeFrames(0, count);
      longTasks_ms.length = 0;
      const begun_ms = performance.now();
      await deliverAll(frames, inTask, Socket.newest);
      await landed(count - 1);
      const span_ms = performance.now() - begun_ms;
      await task();
      await task();
      return { span_ms, longest_ms: Math.max(0, ...longTasks_ms) };
    },

    /** The same frames where nobody does anything with them: what the bench itself takes. */
    async burstToNobody(count, inTask) {
      const frames = makeFrames(0, count);
      const { newest } = Socket;
      const nobody = new Socket("wss://nobody.example");
      Socket.newest = newest;
      nobody.addEventListener("message", ({ data }) => data.charCodeAt(0));
      await task();
      const begun_ms = performance.now();
      await deliverAll(frames, inTask, nobody);
      return performance.now() - begun_ms;
    },

    /** A wheel that turns up, a notch a frame: the time between frames, in milliseconds. */
    async scroll(notches) {
      longTasks_ms.length = 0;
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const spans_ms = [];
      let before_ms = await frame();
      for (let notch = 0; notch < notches; notch++) {
        part("transcript").scrollBy(0, -120);
        const now_ms = await frame();
        spans_ms.push(now_ms - before_ms);
        before_ms = now_ms;
      }
      return { spans_ms, longest_ms: Math.max(0, ...longTasks_ms) };
    },
  };
})();
