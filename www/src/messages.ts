// The conversation as src/ui/menu.rs hands it over: what is loaded of it.

/** A transcript holds no more; what is loaded beyond it takes the place of what was there. */
const most = 1_000 - 25;

export interface Message {
  id: number;
  author: string;
  sender: string;
  time_ms: number;
  text: string;
}

export interface Conversation {
  messages: Message[];
  /** There are earlier ones, which can be asked for. */
  hasOlder: boolean;
}

/** How many there were when earlier ones were asked for. */
let before = 0;

export function readConversation(data: unknown, isAgain: boolean): Conversation {
  const [older, ...rows] = data as [number, ...[number, string, string, number, string][]];
  const messages = rows.map(([id, author, sender, time_ms, text]) => ({ id, author, sender, time_ms, text }));
  // The platform did not give any, or there is no network.
  const isVain = isAgain && messages.length <= before;
  before = messages.length;
  return { messages, hasOlder: older > 0 && !isVain && messages.length <= most && navigator.onLine };
}
