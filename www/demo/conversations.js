// The script tag mounts the messenger by itself; it is there a moment later.
import { show, showEvents } from "/demo/events.js";

const mounted = setInterval(() => {
  const messenger = window.GuestMessenger?.messenger;
  if (!messenger) return;
  clearInterval(mounted);
  showEvents(messenger);
  show("mounted", {});
}, 50);
