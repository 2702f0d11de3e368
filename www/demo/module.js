import { mount } from "/dist/guest-messenger.mjs";

const log = document.querySelector("#events");
const show = (name, detail) => log.append(`${name} ${JSON.stringify(detail)}\n`);

try {
  const messenger = await mount({
    deploymentId: "7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c41d3",
    endpoint: "/",
    primaryColor: "#7048e8",
  });

  for (const name of ["ready", "opened", "closed", "started", "message", "delivery", "typing", "read", "unread", "connection", "ended", "cleared", "error"]) {
    messenger.on(name, (detail) => show(name, detail));
  }

  const actions = {
    open: () => messenger.open(),
    close: () => messenger.close(),
    send: () => messenger.send("Hello from the page!").catch((error) => show("send failed:", error.message)),
    destroy: () => messenger.destroy(),
  };
  for (const [id, action] of Object.entries(actions)) {
    const button = document.getElementById(id);
    button.disabled = false;
    button.addEventListener("click", action);
  }
} catch (error) {
  show("mount failed:", error.message);
}
