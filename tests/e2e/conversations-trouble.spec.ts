import { expect, test } from "./fixtures.ts";
import { asked, conversations, mount, open, participants, visit, webchat } from "./support/dialects.ts";

const send = /\/messaging\/messages$/;

const waits: [string, Record<string, unknown>][] = [
  ["in seconds", { retry_after: "1" }],
  ["as a date", { retry_after_date_s: 2 }],
  ["not at all", {}],
];

for (const [how, fault] of waits) {
  test(`a storm of 429 that says ${how} how long to wait is sat out, and the message arrives once`, async ({ widget, website, standIn, control, page }) => {
    const calls = await visit(page, website, standIn, conversations);
    await widget.open();
    await widget.send("Hello");
    await widget.expectDelivered("Hello");
    await control.fault({ kind: "http", route: "send", status: 429, count: 2, ...fault });
    await widget.send("In the storm");
    await widget.expectDelivered("In the storm");
    expect(calls.statuses(send)).toEqual([200, 429, 429, 200]);
    const [, first, second, third] = calls.to(send).map(({ headers }) => headers["x-genesys-request-id"]);
    expect(new Set([first, second, third]).size, "a new id for each attempt").toBe(3);
    expect(await control.texts("guest")).toEqual(["Hello", "In the storm"]);
  });
}

test("a storm of 429 that does not end is told, and the visitor can try again", async ({ widget, website, standIn, control, page }) => {
  const calls = await visit(page, website, standIn, conversations);
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  const metrics = await widget.listen("metrics");
  await control.fault({ kind: "http", route: "send", status: 429, count: 3, retry_after: "1" });
  await widget.send("In the storm");
  await expect(widget.message("In the storm")).toHaveAttribute("data-delivery", "failed");
  expect(calls.statuses(send)).toEqual([200, 429, 429, 429]);
  await expect.poll(async () => (await metrics()).at(-1)).toMatchObject({ sent: 1, failed: 1, deliveryRate: 50 });
  await widget.message("In the storm").locator("[part=retry]").click();
  await widget.expectDelivered("In the storm");
  expect(await control.texts("guest")).toEqual(["Hello", "In the storm"]);
});

test("a token that expires in mid-chat is replaced once, for calls and socket, and nothing is lost", async ({ widget, website, standIn, control, page }) => {
  const calls = await visit(page, website, standIn, participants);
  await widget.open();
  await widget.send("Before");
  await widget.expectDelivered("Before");
  expect(await asked(page)).toBe(1);
  await control.fault({ kind: "expire" });
  await widget.send("After");
  await widget.expectDelivered("After");
  await control.say("I heard both");
  await expect(widget.message("I heard both")).toBeVisible();
  expect(await control.texts("guest")).toEqual(["Before", "After"]);
  expect(await asked(page), "one call of the provider for all who wait").toBe(2);
  const tokens: string[] = await page.evaluate(() => (window as any).site.tokens);
  const authenticated = widget.wire.sent.filter(({ type }) => type === "authenticate").map(({ token }) => token);
  expect(authenticated).toEqual(tokens);
  expect(calls.to(/./).at(-1)!.headers["authorization"]).toBe(`Bearer ${tokens[1]}`);
});

test("a message that meets an expired token is sent again with a new one, once", async ({ widget, website, standIn, control, page }) => {
  const calls = await visit(page, website, standIn, participants);
  await widget.open();
  await widget.send("Before");
  await widget.expectDelivered("Before");
  await control.fault({ kind: "http", route: "send", status: 401 });
  await widget.send("After");
  await widget.expectDelivered("After");
  expect(calls.statuses(/\/send$/)).toEqual([200, 401, 200]);
  expect(await asked(page)).toBe(2);
  expect(await control.texts("guest")).toEqual(["Before", "After"]);
});

test("a token provider that fails is told by an error without its words, and the visitor's text is kept", async ({ widget, website, standIn, control, page }) => {
  const printed: string[] = [];
  page.on("console", (message) => printed.push(message.text()));
  await page.goto(website.publish({ script: "" }));
  await mount(page, website, standIn, participants.options);
  await page.evaluate(() => ((window as any).site.isServerDown = true));
  const errors = await widget.listen("error");
  await widget.open();
  await widget.send("Hello");
  await expect.poll(async () => (await errors()).map(({ code }) => code)).toContain("network/token");
  expect(JSON.stringify(await errors()) + printed.join()).not.toContain("server is down");
  await page.evaluate(() => ((window as any).site.isServerDown = false));
  await widget.expectDelivered("Hello");
  expect(await asked(page)).toBeGreaterThan(1);
  expect(await control.texts("guest")).toEqual(["Hello"]);
});

test("two tabs that write the same web chat session both get their typing through, and take nothing of each other's", async ({ widget, secondWidget, website, standIn, control, context, page }) => {
  // Tabs that cannot speak to each other.
  await context.addInitScript(() => delete (window as any).BroadcastChannel);
  const conversation = await open(standIn);
  const tabs = [widget, secondWidget];
  for (const tab of tabs) {
    await tab.page.goto(website.publish({ script: "" }));
    await mount(tab.page, website, standIn, webchat.options, conversation);
    await tab.open();
  }
  const statuses: number[] = [];
  context.on("response", (response) => response.request().method() === "PATCH" && statuses.push(response.status()));
  const typing = async () => (await control.conversation()).typing;
  for (const tab of [widget, secondWidget, widget]) {
    await tab.input.pressSequentially("abcdefghijkl", { delay: 100 });
    await expect.poll(typing).toBe(true);
    await control.webchat({ custom_attributes: { vip: true } });
    await tab.input.fill("");
    await expect.poll(typing).toBe(false);
  }
  expect(statuses.filter((status) => status === 412).length, "each was overtaken").toBeGreaterThan(1);
  expect((await control.conversation()).api.webchat.custom_attributes).toEqual({ vip: true });
  expect(page.isClosed()).toBe(false);
});

test("a web chat session that is still queued is told of no typing, and the chat goes on", async ({ widget, website, standIn, control, page }) => {
  await control.set({ webchat_queues: true });
  const calls = await visit(page, website, standIn, webchat);
  const connections = await widget.listen("connection");
  await widget.open();
  // What is typed before is told to nobody.
  await expect.poll(async () => (await connections()).map(({ state }) => state)).toContain("connected");
  await widget.input.pressSequentially("Hello");
  await expect.poll(() => calls.to(/\/webchat\/sessions\//).length).toBeGreaterThan(0);
  await widget.input.press("Enter");
  await widget.expectDelivered("Hello");
  expect(calls.to(/\/webchat\/sessions\//).filter(({ method }) => method === "PATCH")).toEqual([]);
  await control.webchat({ state: "connected" });
  await widget.input.pressSequentially("Again");
  await expect.poll(async () => (await control.conversation()).typing).toBe(true);
});

test("a conversation that is over ends for the visitor, who can start another one", async ({ widget, website, standIn, control, page }) => {
  await visit(page, website, standIn, conversations);
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  const ended = await widget.listen("ended");
  await control.disconnect();
  await widget.send("Still there?");
  await expect(widget.ended).toContainText("This conversation has ended.");
  expect(await ended()).toMatchObject([{ reason: "ended" }]);
  await widget.startNew.click();
  await widget.send("A new start");
  await widget.expectDelivered("A new start");
  expect(await control.texts("guest")).toEqual(["A new start"]);
  expect(await control.conversations()).toHaveLength(2);
});

test("a message whose answer was lost is looked for before it is sent again, and arrives once", async ({ widget, website, standIn, control, page }) => {
  await visit(page, website, standIn, conversations);
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await control.fault({ kind: "http", route: "send", lost: "answer" });
  await widget.send("Did you get this?");
  await widget.expectDelivered("Did you get this?");
  await widget.send("And this?");
  await widget.expectDelivered("And this?");
  await widget.expectTexts(["Hello", "Did you get this?", "And this?"]);
  expect(await control.texts("guest")).toEqual(["Hello", "Did you get this?", "And this?"]);
});

test("a message that was lost on its way is sent again, and arrives once", async ({ widget, website, standIn, control, page }) => {
  await visit(page, website, standIn, conversations);
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await control.fault({ kind: "http", route: "send", lost: "request" });
  await widget.send("Into the void");
  await widget.expectDelivered("Into the void");
  expect(await control.texts("guest")).toEqual(["Hello", "Into the void"]);
});

for (const status of [200, 502]) {
  test(`a page of HTML with ${status} in place of an answer is no answer, and the message arrives once`, async ({ widget, website, standIn, control, page }) => {
    await visit(page, website, standIn, conversations);
    await widget.open();
    await widget.send("Hello");
    await widget.expectDelivered("Hello");
    await control.fault({ kind: "http", route: "send", status, html: true });
    await widget.send("Behind a portal");
    await widget.expectDelivered("Behind a portal");
    await widget.expectTexts(["Hello", "Behind a portal"]);
    expect(await control.texts("guest")).toEqual(["Hello", "Behind a portal"]);
  });
}

test("a message that may not be sent is refused in plain words before any call, to the visitor and to the page", async ({ widget, website, standIn, control, page }) => {
  const calls = await visit(page, website, standIn, { ...participants, options: { ...participants.options, contentPolicy: ["secret sauce"] } });
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  const refusal = (text: string) => page.evaluate((text) => (window as any).site.messenger.send(text).then(() => "sent", ({ code }: { code: string }) => code), text);
  expect(await refusal("The SECRET sauce, please")).toBe("rejected/content");
  expect(await refusal("é".repeat(2049))).toBe("rejected/too-long");
  expect(await refusal("é".repeat(2048))).toBe("sent");
  await expect.poll(() => control.texts("guest")).toEqual(["Hello", "é".repeat(2048)]);
  expect(calls.to(/\/send$/)).toHaveLength(2);
});

test("what the site does not allow is said to the visitor where it is written, to the page by an error, and can be changed", async ({ widget, website, standIn, control, page }) => {
  const calls = await visit(page, website, standIn, conversations);
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  const errors = await widget.listen("error");
  await widget.send("Look: <script>alert(1)</script>");
  await expect(widget.part("limit")).toHaveText("This site does not allow that in a message. Please change it.");
  await expect(widget.input).toHaveValue("Look: <script>alert(1)</script>");
  await expect(widget.input).toHaveAttribute("aria-invalid", "true");
  await expect.poll(errors).toMatchObject([{ code: "rejected/content" }]);
  expect(JSON.stringify(await errors())).not.toContain("alert");
  await widget.input.fill("Look: no script");
  await expect(widget.part("limit")).toBeEmpty();
  await widget.input.press("Enter");
  await widget.expectDelivered("Look: no script");
  expect(calls.to(send)).toHaveLength(2);
  expect(await control.texts("guest")).toEqual(["Hello", "Look: no script"]);
});

test("an events socket that goes deaf under the visitor's eyes is found out within a minute and opened again", async ({ widget, website, standIn, control, page }) => {
  await page.clock.install();
  const calls = await visit(page, website, standIn, conversations);
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  const states = await widget.listen("connection");
  await control.fault({ kind: "drop", direction: "to_guest", count: 100 });
  await control.say("Lost on the way");
  // The page's clock also runs by itself, while the machine is at work.
  await page.clock.runFor(40_000);
  await expect(widget.message("Lost on the way")).toHaveCount(0);
  const asked = calls.to(/pageNumber=1$/).length;
  await page.clock.runFor(21_000);
  await expect(widget.message("Lost on the way")).toBeVisible();
  expect(calls.to(/pageNumber=1$/).length, "history was read for that").toBeGreaterThan(asked);
  await control.clearFaults();
  await page.clock.runFor(5_000);
  await expect.poll(states).toMatchObject([{ state: "reconnecting" }, { state: "connected" }]);
  await control.say("Heard again");
  await expect(widget.message("Heard again")).toBeVisible();
});

test("an events socket that brings the visitor's own message no more is opened again", async ({ widget, website, standIn, control, page }) => {
  await page.clock.install();
  await visit(page, website, standIn, conversations);
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  const states = await widget.listen("connection");
  await control.fault({ kind: "drop", direction: "to_guest", count: 100 });
  await widget.send("Is this heard?");
  await widget.expectDelivered("Is this heard?");
  await page.clock.runFor(20_000);
  await expect.poll(states).toMatchObject([{ state: "reconnecting" }, { state: "connected" }]);
  await widget.expectTexts(["Hello", "Is this heard?"]);
});
