import { mount } from "/dist/guest-messenger.mjs";
import { show, showEvents } from "/demo/events.js";
import { fetchToken, openConversation } from "/demo/page-server.js";

try {
  const conversation = await openConversation();
  const messenger = await mount({
    api: "conversations",
    endpoint: "/",
    typing: "webchat",
    ...conversation,
    primaryColor: "#0b7285",
    token: () => fetchToken(conversation.participantId),
  });
  showEvents(messenger);
  show("mounted", {});
} catch (error) {
  show("mount failed:", error.message);
}
