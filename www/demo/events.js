const names = ["opened", "closed", "started", "message", "delivery", "typing", "read", "unread", "connection", "ended", "metrics", "audit", "error"];

/** Writes what the messenger tells to the page. */
export function showEvents(messenger) {
  for (const name of names) messenger.on(name, (detail) => show(name, detail));
}

export function show(name, detail) {
  document.querySelector("#events").append(`${name} ${JSON.stringify(detail)}\n`);
}
