// A message of the page's with files that lie elsewhere (conversations API).
import { ChatError } from "./errors.ts";
import type { OutgoingAttachment } from "./types.ts";

/** As with the visitor's own files, more at once is an accident. */
const maximalAttachments = 20;

/** The text, and the files as Rust reads them: copies of what is expected, each of the right kind, own properties only. */
export function readMessage(message: unknown): [text: string, files: string] {
  try {
    const { text = "", attachments = [] } = own(message);
    const isList = Array.isArray(attachments) && attachments.length <= maximalAttachments;
    if (typeof text === "string" && isList) return [text, JSON.stringify({ attachments: attachments.map(readAttachment) })];
  } catch {
    // Told below: what was thrown may hold the address.
  }
  throw new ChatError(
    "misuse/message",
    `send() takes a text, or { text, attachments } with at most ${maximalAttachments} of { url, contentType, fileName, size }: an https address, a MIME type, a name and the size in bytes.`,
  );
}

function readAttachment(value: unknown): OutgoingAttachment {
  const { url, contentType, fileName, size } = own(value);
  const { href, protocol, username, password } = new URL(String(url));
  const isSafe = protocol === "https:" && !username && !password;
  if (!isSafe || !isText(contentType) || !isText(fileName) || !Number.isSafeInteger(size) || (size as number) < 0) throw url;
  return { url: href, contentType, fileName, size: size as number };
}

const own = (value: unknown): Record<string, unknown> => ({ __proto__: null, ...(value as object) });

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
