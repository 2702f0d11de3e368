// The page's token provider, as the engine may call it. No view.
import { ChatError } from "../errors.ts";
import type { Options } from "../types.ts";

const giveUpAfter_ms = 30_000;

/**
 * Runs the page's code in a task of its own. Resolves to what the engine may have of its answer, as JSON text; rejects
 * with a `ChatError`, which holds nothing of the answer nor of what was thrown: a token may be in either.
 */
export async function askToken(provider: NonNullable<Options["token"]>): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failed("network/token", "did not answer within 30 seconds")), giveUpAfter_ms);
  });
  try {
    return await Promise.race([answer(provider), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

async function answer(provider: NonNullable<Options["token"]>): Promise<string> {
  await undefined;
  let given: unknown;
  try {
    given = await provider();
  } catch {
    throw failed("network/token", "failed");
  }
  const token = read(given);
  if (!token) throw failed("misuse/token", "must answer { token, expiresIn }, a text and the seconds that it is good for", false);
  return JSON.stringify(token);
}

/** A copy of what is expected, each of the right kind; what more there is stays outside. */
function read(given: unknown): Record<string, string | number> | undefined {
  try {
    const { token, expiresIn, guestId, conversationId } = given as Record<string, unknown>;
    if (!isText(token) || /[^!-~]/.test(token) || typeof expiresIn !== "number" || !(expiresIn > 0)) return undefined;
    return {
      token,
      expiresIn: Math.min(Math.trunc(expiresIn), 1e9),
      ...(isText(guestId) && { guestId }),
      ...(isText(conversationId) && { conversationId }),
    };
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const failed = (code: string, what: string, retryable = true) => new ChatError(code, `The page's token provider ${what}.`, retryable);

export { askToken as ask };
