import { expect, test } from "./fixtures.ts";
import { deploymentId } from "./support/stand-in.ts";

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("opening asks for the deployment, then opens a socket and configures a session on it", async ({ widget, control, page, standIn }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await widget.visit();
  expect(widget.wire.addresses, "no socket before the visitor wants one").toEqual([]);
  await widget.open();
  await control.conversation();
  expect(asked).toContain(`/webdeployments/v1/deployments/${deploymentId}/config.json`);
  await expect.poll(() => widget.wire.sent.length).toBeGreaterThan(0);
  expect(widget.wire.addresses).toHaveLength(1);
  expect(widget.wire.addresses[0]).toContain(`${standIn.url.replace("http", "ws")}/v1?deploymentId=${deploymentId}`);
  const [first] = widget.wire.sent;
  expect(first).toMatchObject({ action: "configureSession", deploymentId });
  expect(first!["token"]).toMatch(uuidV4);
});

test("the session is kept in sessionStorage as the page side reads it", async ({ widget }) => {
  await widget.chat("Hello");
  const mark = await widget.mark();
  expect(mark).toMatchObject({ v: 1, token: widget.wire.sent[0]!["token"], live: true, open: true });
  expect(mark!.expiresAt).toBeGreaterThan(Date.now() + 71 * 3600 * 1000);
  expect(await widget.mark("localStorage")).toBeNull();
});

test("with data-remember the conversation outlives its tab", async ({ widget, secondWidget, control }) => {
  const page = { attributes: { remember: "" } };
  await widget.chat("Remember me", page);
  const mark = await widget.mark("localStorage");
  expect(mark).toMatchObject({ v: 1, live: true });
  expect(await widget.mark("sessionStorage")).toBeNull();
  await widget.page.close();

  await secondWidget.visit(page);
  await expect(secondWidget.panel, "open, as it was left").toBeVisible();
  await secondWidget.expectTexts(["Remember me"]);
  expect((await secondWidget.mark("localStorage"))!.token).toBe(mark!.token);
  expect(await control.conversations()).toHaveLength(1);
});

test("the token and the words never show in an address, in the document or on the console", async ({ widget, control, page }) => {
  const spoken: string[] = [];
  page.on("console", (message) => spoken.push(message.text()));
  page.on("request", (request) => spoken.push(request.url()));
  await widget.chat("My secret words");
  await control.fault({ kind: "kill" });
  await control.say("Secret answer");
  await expect(widget.message("Secret answer")).toBeVisible();
  await page.reload();
  await widget.expectTexts(["My secret words", "Secret answer"]);

  const token = (await widget.mark())!.token;
  const documents = await widget.host.evaluate((host) => document.documentElement.outerHTML + host.shadowRoot!.innerHTML);
  expect(documents).not.toContain(token);
  const outside = [...spoken, ...widget.wire.addresses, page.url()].join("\n");
  expect(outside).not.toContain(token);
  expect(outside).not.toMatch(/secret/i);
});

test("where the browser keeps nothing the chat works as long as the page, and the page is told", async ({ widget, control, page }) => {
  await page.addInitScript(() => {
    for (const area of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, area, {
        get() {
          throw new DOMException("The operation is insecure.", "SecurityError");
        },
      });
    }
  });
  await widget.visit();
  const errors = await widget.listen("error");
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await control.fault({ kind: "kill" });
  await control.say("Welcome");
  await widget.expectTexts(["Hello", "Welcome"]);
  expect(await errors()).toMatchObject([{ code: "storage/unavailable" }]);
});
