// What a page may rely on. This file is shipped as it is, as dist/types.d.ts; tests/golden/api.d.ts guards it.

/** What a page may set. On the script tag the same names, as `data-deployment-id` and so on. */
export interface Options {
  /**
   * The id of the messenger deployment: 1 to 128 letters, digits and hyphens. Required with the Guest API; with the
   * conversations API it is merely the name that things are kept under in the browser.
   */
  deploymentId?: string;
  /** The region's name ("prod", "euw1", "us-east-1") or domain ("mypurecloud.ie"). Default: "prod", US East. */
  environment?: string;
  /** The http, https, ws or wss address of a stand-in or proxy, also relative to the page. Overrides `environment`. */
  endpoint?: string;
  /** Which messaging API is spoken. Default: "guest". The next options down to `webhooks` are for "conversations" alone. */
  api?: "guest" | "conversations";
  /**
   * How typing is told. The Guest API has "socket" only. With the conversations API the default is "participants", or
   * "webchat" where there is a `sessionId`.
   */
  typing?: "socket" | "participants" | "conversations" | "webchat";
  /**
   * Where read marks go: only this browser ("local"), over the wire, or ("auto", the default) over the wire where that may
   * work: where the Guest API announces it, or as typing goes. "socket" is the Guest API's, "participants" and
   * "conversations" are calls of the conversations API.
   */
  receipts?: "auto" | "local" | "socket" | "participants" | "conversations";
  /** The conversation to go on with, which `token` gives the token for. Without it, a new one is opened. */
  conversationId?: string;
  /** The visitor's id in that conversation, unless `token` answers it as `guestId`. */
  participantId?: string;
  /** The webchat session that is told of typing. */
  sessionId?: string;
  /**
   * The token provider: fetches a token from the page's own server, when there is none yet, 30 seconds before the last
   * one expires, and when it is refused. Has 30 seconds. Not for the script tag.
   */
  token?: () => Token | Promise<Token>;
  /** Which call sends a message: "messages", the default, or the participant's. */
  send?: "messages" | "participants";
  /** Texts that no message may contain, in any case of their letters, with `*` for anything. Default: script blocks. */
  contentPolicy?: readonly string[];
  /** The MIME types that a visitor may attach. Default: PNG and JPEG pictures, PDF and plain text. */
  attachmentTypes?: readonly string[];
  /** Addresses that are told of each message (`analytics`) and of typing (`crm`): ids, states and times, never text. */
  webhooks?: { analytics?: string; crm?: string };
  /** Whether the conversation outlives the tab (localStorage instead of sessionStorage). Default: false. */
  remember?: boolean;
  /** Whether the panel opens at once. Default: false. */
  open?: boolean;
  /** The language, as a BCP 47 tag such as "en" or "pt-BR". Default: the page's, then the browser's. */
  locale?: string;
  /** The brand colour: "#rgb" or "#rrggbb". Text on it is made light or dark for contrast. */
  primaryColor?: string;
  /** The corner. "auto", the default, is the end of the line: right, or left on a right-to-left page. */
  position?: "auto" | "left" | "right";
  /** Default: "auto", as the visitor's system has it. */
  colorScheme?: "auto" | "light" | "dark";
  /** Whether Enter sends and Shift and Enter breaks the line. Otherwise Enter breaks it, and Ctrl or Cmd with Enter sends. Default: true. */
  enterSends?: boolean;
  /** Whether the newest message shows beside the launcher while the panel is closed. Default: true. */
  preview?: boolean;
  /** Whether the page's title tells of new messages while the page is hidden. Default: false. */
  titleFlash?: boolean;
  /**
   * What the page tells of the visitor: participant data for the platform's flows, with each message. Texts, numbers and truth values
   * by name, 2048 bytes in all; in the script tag as JSON. Of the Guest API only.
   */
  customAttributes?: Readonly<Record<string, string | number | boolean>>;
  /**
   * Asks the page who the visitor is, before the first connection and after `signIn()`; not for the script tag.
   * Whatever it gives is used once and kept nowhere.
   */
  auth?: () => SignIn | null | undefined | Promise<SignIn | null | undefined>;
}

/** What the page's identity provider gave: an authorization code, or an id token. */
export type SignIn =
  | { code: string; redirectUri: string; codeVerifier?: string | undefined }
  | { idToken: string; nonce: string };

/** What the token provider answers. */
export interface Token {
  token: string;
  /** Seconds from now. */
  expiresIn: number;
  /** The visitor's id, and the conversation that the token is for, where the page knows them. */
  guestId?: string;
  conversationId?: string;
}

export type EventName =
  | "ready"
  | "opened"
  | "closed"
  | "started"
  | "message"
  | "delivery"
  | "typing"
  | "read"
  | "unread"
  | "connection"
  | "expiring"
  | "authenticated"
  | "ended"
  | "cleared"
  | "metrics"
  | "audit"
  | "error";

/** What a listener gets: ids and states, never a message's text. */
export interface EventDetails extends Record<Exclude<EventName, "metrics" | "audit" | "error">, Readonly<Record<string, unknown>>> {
  metrics: Metrics;
  audit: Transmission | TypingTransition | WebhookFailure;
  error: Readonly<{ code: string; message: string; retryable: boolean }>;
}

/** How delivering messages has gone so far. */
export type Metrics = Readonly<{
  sent: number;
  failed: number;
  totalLatencyMs: number;
  meanLatencyMs: number;
  /** Of a hundred messages, how many have been sent; 0 before the first. */
  deliveryRate: number;
}>;

/** The record of one attempt to send one message. Its time is as in RFC 3339. */
export type Transmission = Readonly<{
  action: "TRANSMIT_MESSAGE";
  /** The visitor's id. */
  sessionId: string;
  conversationId: string;
  contentType: string;
  payloadBytes: number;
  latencyMs: number;
  /** "unknown" when no answer came. */
  status: "delivered" | "failed" | "unknown";
  httpStatus?: number;
  responseId?: string;
  /** The code of a `ChatError`. */
  error?: string;
  time: string;
}>;

/** The record of one change of the visitor's typing. */
export type TypingTransition = Readonly<{
  time: string;
  sessionId: string;
  indicatorStatus: "on" | "off";
  result: "sent" | "suppressed" | "failed";
  latencyMs: number;
  error?: string;
}>;

/** A webhook that did not take what it was told. */
export type WebhookFailure = Readonly<{
  time: string;
  webhook: "analytics" | "crm";
  /** Missing when no answer came within five seconds. */
  httpStatus?: number;
}>;

/** A failure that a page can act on. */
export declare class ChatError extends Error {
  /** Stable: its part before the slash is misuse, unsupported, rejected, network, storage, closed or internal. */
  readonly code: string;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
}

/** A text, which may be empty, with files that lie elsewhere; with the conversations API only. */
export interface OutgoingMessage {
  text?: string;
  /** At most 20. */
  attachments?: readonly OutgoingAttachment[];
}

/** A file that the page has brought to where the other side can fetch it. */
export interface OutgoingAttachment {
  /** An https address without a user name. */
  url: string;
  /** Its MIME type: one of `attachmentTypes`. */
  contentType: string;
  fileName: string;
  /** In bytes, 25 MB at most. */
  size: number;
}

/** One messenger on the page. */
export interface Messenger {
  /** The `<guest-messenger>` element. Every event also goes out on it, as a CustomEvent that does not bubble. */
  readonly element: HTMLElement;
  /** Opens the panel, loading the messenger first if need be. A failure is told by the `error` event. */
  open(): void;
  close(): void;
  /**
   * Sends a message as the visitor; with the conversations API also with files. Resolves once it is queued; its fate is told by `delivery` events.
   * Rejects with a `ChatError` at the latest after 30 seconds.
   */
  send(message: string | OutgoingMessage): Promise<void>;
  /** The visitor has signed in to the page: asks `auth` again. The `authenticated` event or an `error` tells what came of it. */
  signIn(): void;
  /** Signs the visitor out of the chat, everywhere, and leaves nothing of it in this browser. Told by the `ended` event. */
  logout(): void;
  /** Listens to an event; the function that comes back stops it. */
  on<Name extends EventName>(name: Name, listener: (detail: EventDetails[Name]) => void): () => void;
  /** How delivering messages has gone on this page; also told by the `metrics` event after each. */
  metrics(): Metrics;
  /**
   * What the messenger was given on this page and what it did, as JSON text, for a bug report: `npm run replay -- FILE`
   * plays it back. Of texts, names and addresses it holds the lengths only, and no token; but ids, times and what was
   * pressed when. Also after `destroy()`. Rejects with a `ChatError` when nothing has been loaded and nothing can be.
   */
  exportDiagnostics(): Promise<string>;
  /** Takes the messenger off the page. The conversation itself goes on; every other call is refused from then on. */
  destroy(): void;
}

/**
 * Puts the messenger on the page, once the page has a body. One at a time: destroy the first before mounting another.
 * Rejects with a `ChatError` whose code starts with "misuse/" when an option is wrong.
 */
export declare function mount(options: Options): Promise<Messenger>;

/** The version of this build. */
export declare const version: string;

declare global {
  interface Window {
    /** Set by the classic script. `messenger` is there when the script tag itself mounted it. */
    GuestMessenger?: { mount: typeof mount; version: string; messenger?: Messenger };
  }
}
