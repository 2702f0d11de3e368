import { expect, test } from "./fixtures.ts";
import { type Dialect, conversations, participants, visit, webchat } from "./support/dialects.ts";

const canary = "canary-7d41-in-the-mine";

for (const dialect of [conversations, participants, webchat] satisfies Dialect[]) {
  test(`by ${dialect.name}, neither text nor token reaches an address, the console, an event, an error or the DOM outside the bubbles`, async ({ widget, website, standIn, control, page }) => {
    const printed: string[] = [];
    page.on("console", (message) => printed.push(message.text()));
    const calls = await visit(page, website, standIn, dialect);
    const names = ["started", "message", "delivery", "typing", "read", "unread", "connection", "metrics", "audit", "error"];
    const heard = await Promise.all(names.map((name) => widget.listen(name)));
    await widget.open();
    await widget.send(`A ${canary}`);
    await widget.expectDelivered(`A ${canary}`);
    await control.say(`The agent’s ${canary}`);
    await expect(widget.messages).toHaveCount(2);
    await control.fault([
      { kind: "http", route: "send", status: 400 },
      { kind: "http", route: "typing", status: 500 },
    ]);
    await widget.input.pressSequentially(`Another ${canary}`);
    await widget.input.press("Enter");
    await expect(widget.messages.last()).toHaveAttribute("data-delivery", "failed");

    const tokens = new Set(calls.to(/./).flatMap(({ headers }) => (headers["authorization"] ? [headers["authorization"].replace("Bearer ", "")] : [])));
    expect(tokens.size).toBeGreaterThan(0);
    const dom = await page.evaluate(() => {
      const copy = document.querySelector("guest-messenger")!.shadowRoot!.querySelector("[part=panel]")!.cloneNode(true) as Element;
      for (const bubble of copy.querySelectorAll("[part=bubble], [part=announcer]")) bubble.remove();
      return document.documentElement.outerHTML + copy.outerHTML;
    });
    const places = {
      addresses: [...calls.all.map(({ path }) => path), ...widget.wire.addresses].join("\n"),
      console: printed.join("\n"),
      events: JSON.stringify(await Promise.all(heard.map((details) => details()))),
      dom,
    };
    for (const [place, text] of Object.entries(places)) {
      expect(text, place).not.toContain(canary);
      for (const token of tokens) expect(text, place).not.toContain(token);
    }
    expect(places.events).toContain("rejected/");
  });
}
