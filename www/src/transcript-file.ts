// A conversation as a file that the visitor keeps. Made in the page: nothing is sent or fetched for it.
import { element } from "./dom.ts";
import { type Message, readConversation } from "./messages.ts";
import type { LazyContext } from "./lazy.ts";

/** What is saved, and how. */
interface Form {
  /** Of the view that saves it. */
  view: string;
  extension: string;
  type: string;
  write(file: TranscriptFile): string;
}

/** Hands a file to the browser's downloads and closes the tool, when the conversation is there from its beginning on. */
export function save(host: HTMLElement, data: unknown, context: LazyContext, { view, extension, type, write }: Form): void {
  const { messages, hasOlder } = readConversation(data, context.isAgain);
  if (hasOlder) {
    host.append(element("div", { part: "notice-line", role: "status" }, context.strings["older_loading"]));
    // What had it is gone with the menu, and Escape is heard within the panel.
    context.root.querySelector<HTMLElement>("[part=menu-button]")?.focus();
    return context.respond(`+${view}`);
  }
  const address = URL.createObjectURL(new Blob([write(new TranscriptFile(messages, context))], { type: `${type};charset=utf-8` }));
  const name = `chat-${new Date().toISOString().slice(0, 10)}.${extension}`;
  const anchor = element("a", { href: address, download: name, hidden: "" });
  // Firefox wants it in the document.
  context.root.append(anchor);
  anchor.click();
  anchor.remove();
  // Not before the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  context.respond("close");
}

export class TranscriptFile {
  readonly title: string;
  readonly locale: string;
  readonly #messages: readonly Message[];
  readonly #time: Intl.DateTimeFormat;

  constructor(messages: readonly Message[], { strings, locale }: LazyContext) {
    this.title = strings["title"] ?? "";
    this.locale = locale;
    this.#messages = messages;
    this.#time = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  }

  asText(): string {
    const lines = this.#messages.map(({ sender, time_ms, text, author }) => `[${this.#time.format(time_ms)}] ${author === "system" ? text : `${sender}: ${text}`}`);
    return `${this.title}\n\n${lines.join("\n")}\n`;
  }

  /** A page that runs and fetches nothing, whatever is in the messages. */
  asHtml(): string {
    const rows = this.#messages.map(({ sender, time_ms, text, author }) => {
      const iso = new Date(time_ms).toISOString();
      return `<li class="${escape(author)}"><b>${escape(sender)}</b> <time datetime="${iso}">${escape(this.#time.format(time_ms))}</time><p dir="auto">${escape(text)}</p></li>`;
    });
    return `<!doctype html>
<html lang="${escape(this.locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escape(this.title)}</title>
<style>
body { max-width: 40em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 system-ui, sans-serif; color: #1b1d22; background: #fff }
ol { padding: 0; list-style: none }
li { margin: 0 0 1em }
time { color: #5c626e; font-size: 0.85em }
p { width: fit-content; max-width: 34em; margin: 0.2em 0 0; padding: 0.5em 0.9em; border-radius: 14px; background: #eff1f5; white-space: pre-wrap; overflow-wrap: anywhere }
.guest { text-align: end }
.guest p { margin-inline-start: auto; background: #dfe8ff; text-align: start }
</style>
</head>
<body>
<h1>${escape(this.title)}</h1>
<ol>
${rows.join("\n")}
</ol>
</body>
</html>
`;
  }
}

function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (sign) => entities[sign]!);
}
