// The declarations of www/src/types.ts, without their comments. A difference is a change of the public interface.
export interface Options {
  deploymentId: string;
  environment?: string;
  endpoint?: string;
  api?: "guest";
  typing?: "socket";
  receipts?: "auto" | "local" | "socket";
  remember?: boolean;
  open?: boolean;
  locale?: string;
  primaryColor?: string;
  position?: "auto" | "left" | "right";
  colorScheme?: "auto" | "light" | "dark";
  auth?: () => SignIn | null | undefined | Promise<SignIn | null | undefined>;
}
export type SignIn =
  | { code: string; redirectUri: string; codeVerifier?: string | undefined }
  | { idToken: string; nonce: string };
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
  | "error";
export interface EventDetails extends Record<Exclude<EventName, "error">, Readonly<Record<string, unknown>>> {
  error: Readonly<{ code: string; message: string; retryable: boolean }>;
}
export declare class ChatError extends Error {
  readonly code: string;
  readonly retryable: boolean;
}
export interface Messenger {
  readonly element: HTMLElement;
  open(): void;
  close(): void;
  send(text: string): Promise<void>;
  signIn(): void;
  logout(): void;
  on<Name extends EventName>(name: Name, listener: (detail: EventDetails[Name]) => void): () => void;
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
