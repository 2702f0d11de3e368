// The messages as src/ui/menu.rs hands them over.

export interface Message {
  id: number;
  author: string;
  sender: string;
  time_ms: number;
  text: string;
}

export function readMessages(data: unknown): Message[] {
  return (data as [number, string, string, number, string][]).map(([id, author, sender, time_ms, text]) => ({ id, author, sender, time_ms, text }));
}
