// What the desk says of a conversation beside its messages: the API, the dialects that its client speaks, and metrics.

/** What the list calls it: the API, or the dialect of its typing once that is known. */
export function tagOf({ api }) {
  if (api.name === "guest") return "Guest API";
  return api.typing ?? "REST";
}

/** Facts such as "typing: participants", "2 messages/min", "40 ms". */
export function factsOf({ api, metrics, messages }) {
  const facts = [api.name === "guest" ? "Guest API" : "Conversations API"];
  const since = Date.now() - 60_000;
  const said = messages.filter((message) => message.author === "guest" && Date.parse(message.time) >= since);
  facts.push(`${said.length} ${said.length === 1 ? "message" : "messages"}/min`);
  if (metrics.last_latency_ms !== null) facts.push(`latency ${metrics.last_latency_ms} ms`);
  for (const name of ["sending", "typing", "receipts"]) if (api[name]) facts.push(`${name}: ${api[name]}`);
  if (api.last_read_timestamp) facts.push(`last read ${new Date(api.last_read_timestamp).toLocaleTimeString()}`);
  if (api.typing === "webchat") facts.push(`session ${api.webchat.state}`);
  return facts;
}
