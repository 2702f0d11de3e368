// In place of a site's own server, which has the client's secret and knows who the visitor is.

/** A token for this guest, or for a new one. */
export async function fetchToken(guestId) {
  return post("/sandbox/token", guestId ? { guestId } : {});
}

/** A conversation that the site has opened; the tab's one from its second visit on. */
export async function openConversation() {
  const known = sessionStorage.getItem("demo-conversation");
  if (known) return JSON.parse(known);
  const { id, guestId, sessionId } = await post("/api/v2/conversations/messaging", {});
  const conversation = { conversationId: id, participantId: guestId, sessionId };
  sessionStorage.setItem("demo-conversation", JSON.stringify(conversation));
  return conversation;
}

async function post(path, body) {
  const headers = { "content-type": "application/json", "x-genesys-request-id": crypto.randomUUID() };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}.`);
  return answer.json();
}
