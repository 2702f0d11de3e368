import { mount } from "/dist/guest-messenger.mjs";
import { show, showEvents } from "/demo/events.js";
import { fetchToken } from "/demo/page-server.js";

// The same guest after a reload, as a site knows its visitors.
let guestId = sessionStorage.getItem("demo-guest") ?? undefined;

try {
  const messenger = await mount({
    api: "conversations",
    endpoint: "/",
    typing: "participants",
    receipts: "participants",
    send: "participants",
    primaryColor: "#7048e8",
    token: async () => {
      const token = await fetchToken(guestId);
      ({ guestId } = token);
      sessionStorage.setItem("demo-guest", guestId);
      return token;
    },
  });
  showEvents(messenger);
  show("mounted", {});
} catch (error) {
  show("mount failed:", error.message);
}
