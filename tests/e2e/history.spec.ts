import { type Control, type Widget, expect, test } from "./fixtures.ts";

/** The row that is uppermost in view, and its distance from the top of the view in pixels. */
function topmost(widget: Widget): Promise<{ entry: string; offset_px: number; rows: number }> {
  return widget.transcript.evaluate((scroller) => {
    const top = scroller.getBoundingClientRect().top;
    const rows = [...scroller.querySelectorAll<HTMLElement>("[part=message]")];
    const row = rows.find((row) => row.getBoundingClientRect().bottom > top)!;
    return { entry: row.dataset["entry"]!, offset_px: row.getBoundingClientRect().top - top, rows: rows.length };
  });
}

function offsetOf(widget: Widget, entry: string): Promise<number> {
  return widget.transcript.evaluate((scroller, entry) => {
    const row = scroller.querySelector(`[data-entry="${entry}"]`)!;
    return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  }, entry);
}

test("a reload goes on with the same conversation, each message once", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  await control.say("Welcome");
  await widget.send("Thanks");
  await widget.expectDelivered("Thanks");
  const { token } = (await widget.mark())!;
  await page.reload();
  await expect(widget.panel, "open, as it was left").toBeVisible();
  await widget.expectTexts(["Hello", "Welcome", "Thanks"]);
  expect((await widget.mark())!.token).toBe(token);
  await widget.send("Still there?");
  await widget.expectDelivered("Still there?");
  await widget.expectTexts(["Hello", "Welcome", "Thanks", "Still there?"]);
  expect(await control.conversations()).toHaveLength(1);
});

/** A conversation of this many messages, met again after a reload. */
async function longConversation(widget: Widget, control: Control, count: number): Promise<string[]> {
  await widget.chat("Message 0");
  const texts = ["Message 0"];
  for (let number = 1; number < count; number++) {
    texts.push(`Message ${number}`);
    await control.say(`Message ${number}`);
  }
  await widget.page.reload();
  await expect(widget.message(texts.at(-1)!)).toBeInViewport();
  return texts;
}

test("scrolling up brings all older messages, in order, each once", async ({ widget, control, page }) => {
  const texts = await longConversation(widget, control, 80);
  const met = new Set<string>();
  await expect(widget.message("Message 0")).toHaveCount(0);
  await widget.transcript.hover();
  const lookAndScroll = async () => {
    const shown = await widget.part("bubble").allInnerTexts();
    const start = texts.indexOf(shown[0]!);
    expect(shown, "an unbroken run of messages").toEqual(texts.slice(start, start + shown.length));
    shown.forEach((text) => met.add(text));
    await page.mouse.wheel(0, -400);
    return met.size;
  };
  await expect.poll(lookAndScroll, { intervals: [50] }).toBe(texts.length);
  await expect(widget.message("Message 0")).toBeInViewport();
  await expect(widget.part("history")).toHaveText(/begins/);
});

for (const scrollTop_px of [150, 0]) {
  test(`a page of history comes in above a view at ${scrollTop_px} px without moving what is read`, async ({ widget, control }) => {
    await longConversation(widget, control, 60);
    // Late enough to look where everything is before it comes.
    await control.fault({ kind: "http", route: "history", ms: 700 });
    await widget.transcript.evaluate((scroller, top_px) => scroller.scrollTo(0, top_px), scrollTop_px);
    await expect(widget.part("history")).toHaveText(/Loading/);
    const { entry, offset_px, rows } = await topmost(widget);
    await expect.poll(async () => (await topmost(widget)).rows).toBeGreaterThan(rows);
    const moved_px = (await offsetOf(widget, entry)) - offset_px;
    expect(Math.abs(moved_px), "pixels moved").toBeLessThanOrEqual(2);
  });
}

test("history that fails at first is asked for again", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  await control.say("Welcome");
  await control.fault([
    { kind: "http", route: "history", status: 503 },
    { kind: "http", route: "history", html: true },
  ]);
  await page.reload();
  await widget.expectTexts(["Hello", "Welcome"]);
  expect(await control.armed()).toBe(0);
});
