// The stand-in's control API: what an agent does, what the platform knows, and what goes wrong on request.
import { expect } from "@playwright/test";
import type { StandIn } from "./stand-in.ts";

export interface DeskMessage {
  id: string;
  author: "guest" | "agent" | "bot" | "system";
  text: string;
  seen: boolean;
  content: Record<string, unknown>[];
}

export interface Conversation {
  id: string;
  guest_name: string;
  token_hash: string;
  connections: number;
  state: "live" | "ended" | "read_only";
  typing: boolean;
  unread: number;
  api: { name: "guest" | "conversations"; conversation_id: string; guest_id: string; webchat: { state: string; custom_attributes: Json } };
  messages: DeskMessage[];
}

export type Json = Record<string, unknown>;

/** An event of the desk, such as `{kind: "seen", conversation, messages: [ids]}`. */
export type DeskEvent = Json & { kind: string; conversation?: string };

/** One test's view of the stand-in: conversations that were there before do not exist for it. */
export class Control {
  readonly #standIn: StandIn;
  #before = new Set<string>();

  private constructor(standIn: StandIn) {
    this.#standIn = standIn;
  }

  /** Also undoes what an earlier test has set. */
  static async fresh(standIn: StandIn, defaults: Json): Promise<Control> {
    const control = new Control(standIn);
    await control.clearFaults();
    await control.set(defaults);
    control.#before = new Set((await control.conversations()).map(({ id }) => id));
    return control;
  }

  /** The conversations of this test, oldest first. */
  async conversations(): Promise<Conversation[]> {
    const all: Conversation[] = await this.#call("GET", "conversations");
    return all.filter(({ id }) => !this.#before.has(id));
  }

  /** The newest conversation of this test, once there is one. */
  async conversation(): Promise<Conversation> {
    await expect.poll(async () => (await this.conversations()).length, "a conversation at the platform").toBeGreaterThan(0);
    return (await this.conversations()).at(-1)!;
  }

  /** The texts that the newest conversation holds, of one author or of all. */
  async texts(author?: DeskMessage["author"]): Promise<string[]> {
    const { messages } = await this.conversation();
    return messages.filter((message) => !author || message.author === author).map(({ text }) => text);
  }

  /** An agent writes. Returns the message's id. */
  async say(message: string | Json, to?: string): Promise<string> {
    const body = typeof message === "string" ? { text: message } : message;
    const { id } = await this.#about(to, "messages", { author: "agent", name: "Ana", ...body });
    return id;
  }

  async type(typing: Json = {}): Promise<void> {
    await this.#about(undefined, "typing", typing);
  }

  async disconnect(how: { read_only?: boolean } = {}): Promise<void> {
    await this.#about(undefined, "disconnect", how);
  }

  /** Writes the web chat session, as somebody else. */
  async webchat(change: { state?: string; custom_attributes?: Json }): Promise<void> {
    await this.#about(undefined, "webchat", change);
  }

  /** Sends this to the guest's sockets as it is. */
  async frame(frame: Json | string): Promise<void> {
    await this.#about(undefined, "frame", frame);
  }

  async set(settings: Json): Promise<void> {
    await this.#call("POST", "settings", settings);
  }

  settings(): Promise<Json> {
    return this.#call("GET", "settings");
  }

  async fault(fault: Json | Json[]): Promise<void> {
    await this.#call("POST", "faults", fault);
  }

  /** How many faults wait for their occasion. */
  async armed(): Promise<number> {
    return (await this.#call("GET", "faults")).length;
  }

  async clearFaults(): Promise<void> {
    await this.#call("DELETE", "faults");
  }

  /** All events from now on, in a list that grows. Ends with the test's `signal`. */
  async listen(signal: AbortSignal): Promise<DeskEvent[]> {
    const events: DeskEvent[] = [];
    const answer = await fetch(`${this.#standIn.control}/events`, { signal });
    void collect(answer, events).catch(() => undefined);
    return events;
  }

  async #about(id: string | undefined, verb: string, body: Json | string): Promise<any> {
    const conversation = id ?? (await this.conversation()).id;
    return this.#call("POST", `conversations/${conversation}/${verb}`, body);
  }

  async #call(method: string, path: string, body?: unknown): Promise<any> {
    const payload = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const answer = await fetch(`${this.#standIn.control}/${path}`, { method, ...(payload === undefined ? {} : { body: payload }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}

/** Reads server-sent events of one `data:` line each. */
async function collect(answer: Response, events: DeskEvent[]): Promise<void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line.startsWith("data:")) events.push(JSON.parse(line.slice("data:".length)));
  }
}
