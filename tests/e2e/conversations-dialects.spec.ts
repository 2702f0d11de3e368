import type { Locator, Page } from "@playwright/test";
import { type Control, expect, test } from "./fixtures.ts";
import { type Dialect, conversations, participants, visit, webchat } from "./support/dialects.ts";

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const seen = async (control: Control) => (await control.conversation()).messages.filter(({ seen }) => seen).map(({ text }) => text);
const isTyping = async (control: Control) => (await control.conversation()).typing;
/** At most one signal goes out in a second, so whoever is to be seen typing types for longer. */
const type = (input: Locator) => input.pressSequentially("abcdefghijkl", { delay: 100 });
const blur = (page: Page) => page.evaluate(() => (document.querySelector("guest-messenger")!.shadowRoot!.activeElement as HTMLElement).blur());

/** What is called for typing and for a receipt, and how a message goes. */
const all: [Dialect, { send: RegExp; typing: RegExp; read: RegExp }][] = [
  [conversations, { send: /\/messaging\/messages$/, typing: /\/messaging\/conversations\/[^/]+\/typing$/, read: /\/messaging\/messages\/[^/]+\/read$/ }],
  [participants, { send: /\/participants\/[^/]+\/send$/, typing: /\/participants\/[^/]+\/typing$/, read: /\/participants\/[^/]+\/read$/ }],
  [webchat, { send: /\/messaging\/messages$/, typing: /\/webchat\/sessions\/[^/]+$/, read: /\/messaging\/messages\/[^/]+\/read$/ }],
];

for (const [dialect, ways] of all) {
  test.describe(`by ${dialect.name}`, () => {
    test("a visitor writes, the agent sees typing and text, and the answer is shown and seen", async ({ widget, website, standIn, control, page }) => {
      const calls = await visit(page, website, standIn, dialect);
      await widget.open();
      await widget.send("Hello");
      await widget.expectDelivered("Hello");
      expect(await control.texts("guest")).toEqual(["Hello"]);

      await type(widget.input);
      await expect.poll(() => isTyping(control)).toBe(true);
      await expect.poll(() => isTyping(control), "after a pause").toBe(false);
      await type(widget.input);
      await expect.poll(() => isTyping(control)).toBe(true);
      await widget.send("Is anybody there?");
      await widget.expectDelivered("Is anybody there?");
      await expect.poll(() => isTyping(control), "once it is sent").toBe(false);

      await control.type({ duration_ms: 15_000 });
      await expect(widget.typing).toBeVisible();
      await control.say("I am here");
      await expect(widget.message("I am here")).toBeVisible();
      await expect(widget.typing).toBeHidden();
      await expect.poll(() => seen(control)).toEqual(["I am here"]);
      await widget.expectTexts(["Hello", "Is anybody there?", "I am here"]);

      expect(calls.to(ways.send)).toHaveLength(2);
      expect(calls.to(ways.typing).length).toBeGreaterThan(2);
      expect(calls.to(/\/typing$|\/webchat\//).length, "in this dialect only").toBe(calls.to(ways.typing).length);
      expect(calls.to(/\/read$/).length).toBe(calls.to(ways.read).length);
      const ofPlatform = calls.to(/./);
      for (const { headers } of ofPlatform) {
        expect(headers["x-genesys-request-id"]).toMatch(uuid4);
        expect(headers["authorization"] ?? "Bearer ").toMatch(/^Bearer /);
      }
      expect(new Set(ofPlatform.map(({ headers }) => headers["x-genesys-request-id"])).size, "a new id for each call").toBe(ofPlatform.length);
      expect(ofPlatform.filter(({ path, body }) => path.endsWith("/send") && body?.["type"] === "typing")).toEqual([]);
    });

    test("typing ends when the field is left or cleared", async ({ widget, website, standIn, control, page }) => {
      await visit(page, website, standIn, dialect);
      await widget.open();
      await widget.send("Hello");
      await widget.expectDelivered("Hello");
      await type(widget.input);
      await expect.poll(() => isTyping(control)).toBe(true);
      await blur(page);
      await expect.poll(() => isTyping(control)).toBe(false);
      await type(widget.input);
      await expect.poll(() => isTyping(control)).toBe(true);
      await widget.input.fill("");
      await expect.poll(() => isTyping(control)).toBe(false);
    });

    test("what comes while the panel is closed is counted, and seen once it is open", async ({ widget, website, standIn, control, page }) => {
      await visit(page, website, standIn, dialect);
      await widget.open();
      await widget.send("Hello");
      await widget.expectDelivered("Hello");
      await widget.close();
      await control.say("One");
      await control.say("Two");
      await expect(widget.badge).toHaveText("2");
      expect(await seen(control)).toEqual([]);
      await widget.open();
      await expect.poll(() => seen(control)).toEqual(["One", "Two"]);
    });
  });
}

test("a guest's own conversation goes on after a reload, with what came meanwhile, read where it was left", async ({ widget, website, standIn, control, page }) => {
  await visit(page, website, standIn, conversations);
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await control.say("I am here");
  await expect.poll(() => seen(control)).toEqual(["I am here"]);
  await page.goto(website.elsewhere);
  await control.say("Still here");
  await page.goto(website.url);
  await widget.expectTexts(["Hello", "I am here", "Still here"]);
  await expect.poll(() => seen(control)).toEqual(["I am here", "Still here"]);
  await widget.send("Back again");
  await widget.expectDelivered("Back again");
  expect(await control.conversations()).toHaveLength(1);
});

test("a message whose reading was not told yet is told as the page goes away", async ({ widget, website, standIn, control, page }) => {
  await visit(page, website, standIn, conversations);
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  const read = await widget.listen("read");
  const id = await control.say("Look at this");
  await expect.poll(read).toMatchObject([{ messageId: id }]);
  await page.goto(website.elsewhere);
  await expect.poll(() => seen(control)).toEqual(["Look at this"]);
});

test("both tabs of a conversation show all of it", async ({ widget, secondWidget, website, standIn, control, page }) => {
  await visit(page, website, standIn, conversations);
  await widget.open();
  await widget.send("From the first tab");
  await widget.expectDelivered("From the first tab");
  await visit(secondWidget.page, website, standIn, conversations);
  await secondWidget.open();
  await secondWidget.expectTexts(["From the first tab"]);
  await secondWidget.send("From the second tab");
  await secondWidget.expectDelivered("From the second tab");
  await control.say("To both");
  for (const tab of [widget, secondWidget]) await tab.expectTexts(["From the first tab", "From the second tab", "To both"]);
  expect(await control.conversations()).toHaveLength(1);
});

test("metrics and records of what was transmitted reach the page, by event and by metrics()", async ({ widget, website, standIn, control, page }) => {
  await visit(page, website, standIn, participants);
  const [metrics, audit] = [await widget.listen("metrics"), await widget.listen("audit")];
  const now = () => page.evaluate(() => (window as any).site.messenger.metrics());
  expect(await now()).toEqual({ sent: 0, failed: 0, totalLatencyMs: 0, meanLatencyMs: 0, deliveryRate: 0 });
  await widget.open();
  await widget.send("Grüße");
  await widget.expectDelivered("Grüße");
  await expect.poll(async () => (await metrics()).at(-1)).toMatchObject({ sent: 1, failed: 0, deliveryRate: 100 });
  expect(await now()).toEqual((await metrics()).at(-1));
  const { api } = await control.conversation();
  const records = async () => (await audit()).filter(({ action }) => action === "TRANSMIT_MESSAGE");
  await expect.poll(records).toHaveLength(1);
  expect((await records())[0]).toMatchObject({
    sessionId: api.guest_id,
    conversationId: api.conversation_id,
    contentType: "text/plain",
    status: "delivered",
    httpStatus: 200,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
  await widget.input.pressSequentially("a");
  await expect.poll(async () => (await audit()).map(({ indicatorStatus }) => indicatorStatus).filter(Boolean)).toContain("on");
});

test("webhooks hear of messages and typing without a word of them, and one that hangs or fails delays nothing", async ({ widget, website, standIn, control, page }) => {
  const told: { path: string; headers: Record<string, string>; body: any }[] = [];
  await page.route(`${website.url}/hooks/*`, async (route) => {
    const request = route.request();
    const path = new URL(request.url()).pathname;
    told.push({ path, headers: request.headers(), body: request.postDataJSON() });
    // The other one never answers.
    if (path === "/hooks/analytics") await route.fulfill({ status: 500 });
  });
  const webhooks = { analytics: `${website.url}/hooks/analytics`, crm: `${website.url}/hooks/crm` };
  await visit(page, website, standIn, { ...participants, options: { ...participants.options, webhooks } });
  const audit = await widget.listen("audit");
  await widget.open();
  for (const text of ["A first word", "A second word"]) {
    await type(widget.input);
    await widget.send(text);
    await widget.expectDelivered(text);
  }
  expect(await control.texts("guest")).toEqual(["A first word", "A second word"]);
  const to = (path: string) => told.filter((call) => call.path === path);
  const { api } = await control.conversation();
  await expect.poll(() => to("/hooks/analytics").length).toBe(2);
  expect(to("/hooks/analytics")[0]!.body).toEqual({
    event_type: "message_transmission",
    guest_id: api.guest_id,
    conversation_id: api.conversation_id,
    status: "delivered",
    latency_ms: expect.any(Number),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    error: null,
  });
  expect(to("/hooks/analytics")[0]!.headers["x-source"]).toBeTruthy();
  expect(to("/hooks/crm")[0]!.body).toMatchObject({ event: "typing_indicator_update", session_id: api.guest_id, status: "on", source: expect.any(String) });
  expect(JSON.stringify(told)).not.toMatch(/word|Bearer|authorization/);
  await expect.poll(async () => (await audit()).filter(({ webhook }) => webhook).map(({ webhook, httpStatus }) => [webhook, httpStatus])).toContainEqual(["analytics", 500]);
  await expect.poll(async () => (await audit()).map(({ webhook }) => webhook), "after five seconds").toContain("crm");
});
