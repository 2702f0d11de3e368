/** See types.ts. */
export class ChatError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, retryable = false) {
    super(message);
    this.name = "ChatError";
    this.code = code;
    this.retryable = retryable;
  }
}

/** Whatever was thrown, as a `ChatError`. The engine throws plain objects of the same fields. */
export function toChatError(thrown: unknown): ChatError {
  if (thrown instanceof ChatError) return thrown;
  const { code, message, retryable } = (thrown ?? {}) as Partial<ChatError>;
  if (typeof code === "string" && typeof message === "string") return new ChatError(code, message, retryable === true);
  return new ChatError("internal/unexpected", "The messenger failed unexpectedly; reload the page.");
}
