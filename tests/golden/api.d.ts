// The declarations of www/src/types.ts, without their comments. A difference is a change of the public interface.
export interface Options {
  deploymentId?: string;
  environment?: string;
  endpoint?: string;
  api?: "guest" | "conversations";
  typing?: "socket" | "participants" | "conversations" | "webchat";
  receipts?: "auto" | "local" | "socket" | "participants" | "conversations";
  conversationId?: string;
  participantId?: string;
  sessionId?: string;
  token?: () => Token | Promise<Token>;
  send?: "messages" | "participants";
  contentPolicy?: readonly string[];
  attachmentTypes?: readonly string[];
  webhooks?: { analytics?: string; crm?: string };
  remember?: boolean;
  open?: boolean;
  locale?: string;
  primaryColor?: string;
  position?: "auto" | "left" | "right";
  colorScheme?: "auto" | "light" | "dark";
  enterSends?: boolean;
  preview?: boolean;
  titleFlash?: boolean;
  customAttributes?: Readonly<Record<string, string | number | boolean>>;
  auth?: () => SignIn | null | undefined | Promise<SignIn | null | undefined>;
}
export type SignIn =
  | { code: string; redirectUri: string; codeVerifier?: string | undefined }
  | { idToken: string; nonce: string };
export interface Token {
  token: string;
  expiresIn: number;
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
export interface EventDetails extends Record<Exclude<EventName, "metrics" | "audit" | "error">, Readonly<Record<string, unknown>>> {
  metrics: Metrics;
  audit: Transmission | TypingTransition | WebhookFailure;
  error: Readonly<{ code: string; message: string; retryable: boolean }>;
}
export type Metrics = Readonly<{
  sent: number;
  failed: number;
  totalLatencyMs: number;
  meanLatencyMs: number;
  deliveryRate: number;
}>;
export type Transmission = Readonly<{
  action: "TRANSMIT_MESSAGE";
  sessionId: string;
  conversationId: string;
  contentType: string;
  payloadBytes: number;
  latencyMs: number;
  status: "delivered" | "failed" | "unknown";
  httpStatus?: number;
  responseId?: string;
  error?: string;
  time: string;
}>;
export type TypingTransition = Readonly<{
  time: string;
  sessionId: string;
  indicatorStatus: "on" | "off";
  result: "sent" | "suppressed" | "failed";
  latencyMs: number;
  error?: string;
}>;
export type WebhookFailure = Readonly<{
  time: string;
  webhook: "analytics" | "crm";
  httpStatus?: number;
}>;
export declare class ChatError extends Error {
  readonly code: string;
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

export interface Messenger {
  readonly element: HTMLElement;
  open(): void;
  close(): void;
  send(message: string | OutgoingMessage): Promise<void>;
  signIn(): void;
  logout(): void;
  on<Name extends EventName>(name: Name, listener: (detail: EventDetails[Name]) => void): () => void;
  metrics(): Metrics;
  exportDiagnostics(): Promise<string>;
  destroy(): void;
}
export declare function mount(options: Options): Promise<Messenger>;
export declare const version: string;
declare global {
  interface Window {
    GuestMessenger?: { mount: typeof mount; version: string; messenger?: Messenger };
  }
}
