// Draws one message. Everything that a guest or an agent wrote goes in as text, never as markup.

/** @param {string} tag @param {string} className @param {string} [text] */
export function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** What presence events are called here. */
export const systemNotes = {
  Join: "The guest joined",
  Disconnect: "The conversation was ended",
  Clear: "The guest cleared the conversation",
  SignIn: "The guest signed in",
};

const senders = { agent: "You", bot: "Bot" };

/** A message as a list entry; `previous` decides whether it continues a group. */
export function messageEntry(message, previous, guestName) {
  if (message.author === "system") return element("li", "note", systemNotes[message.text] ?? message.text);
  const follows = previous?.author === message.author && new Date(message.time) - new Date(previous.time) < 120_000;
  const entry = element("li", `message ${message.author}${follows ? " follows" : ""}`);
  entry.dataset.id = message.id;
  if (!follows) entry.append(element("span", "sender", senders[message.author] ?? guestName));
  if (message.text) entry.append(element("div", "bubble", message.text));
  const pieces = message.content.flatMap(piecesOf);
  if (pieces.length > 0) {
    const row = element("div", "pieces");
    row.append(...pieces);
    entry.append(row);
  }
  const meta = element("span", "meta", clock(message.time));
  if (message.author !== "guest") {
    const seen = element("span", "seen", " · Seen");
    seen.hidden = !message.seen;
    meta.append(seen);
  }
  entry.append(meta);
  return entry;
}

/** Three moving dots and a sentence. */
export function typingLine(text) {
  const dots = element("span", "dots");
  dots.setAttribute("aria-hidden", "true");
  for (let count = 0; count < 3; count += 1) dots.append(element("i", ""));
  return [dots, ` ${text}`];
}

/** Shows that the guest has read a message. */
export function markSeen(entry) {
  const seen = entry?.querySelector(".seen");
  if (seen) seen.hidden = false;
}

export function dayEntry(time) {
  const day = new Date(time).toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long" });
  return element("li", "day", day);
}

export function clock(time) {
  return new Date(time).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

function piecesOf(item) {
  switch (item.contentType) {
    case "QuickReply": return [element("span", "pill", item.quickReply.text)];
    case "ButtonResponse": return [element("span", "pill", `Chose: ${item.buttonResponse.text}`)];
    case "Card": return [cardPiece(item.card)];
    case "Carousel": return item.carousel.cards.map(cardPiece);
    case "Attachment": return [filePiece(item.attachment)];
    case "DatePicker": return [element("span", "pill", `Date picker, ${item.datePicker.availableTimes?.length ?? 0} times`)];
    case "ListPicker": return [element("span", "pill", "List picker")];
    case "Form": return [element("span", "pill", item.form.response ? `Form with ${item.form.response.length} answers` : "Form")];
    default: return [element("span", "pill", String(item.contentType))];
  }
}

function cardPiece(card) {
  const piece = element("div", "card");
  if (card.image) piece.append(picture(card.image, ""));
  piece.append(element("strong", "", card.title), element("span", "", card.description ?? ""));
  for (const action of card.actions ?? []) piece.append(element("em", "", action.text ?? ""));
  return piece;
}

function filePiece(file) {
  // It lies on another server, from which this page may load nothing.
  if (file.elsewhere) return element("span", "pill", `${file.filename}, ${Math.ceil(file.fileSize / 1024)} KB`);
  if (file.mediaType === "Image" && file.url) {
    const image = picture(file.url, file.filename);
    image.className = "picture";
    return image;
  }
  const link = element("a", "file", file.filename ?? "File");
  link.href = onThisServer(file.url);
  link.download = "";
  return link;
}

function picture(url, alt) {
  const image = document.createElement("img");
  image.src = onThisServer(url);
  image.alt = alt;
  return image;
}

/** The address at the host where this page is: a message may hold the one of another name. */
function onThisServer(url) {
  const address = new URL(String(url).replace(/^sandbox-base:/, ""), location.origin);
  return location.origin + address.pathname + address.search;
}
