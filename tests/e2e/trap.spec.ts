// A trap in wasm: caught, the instance replaced once, nothing lost.
import { type Widget, expect, test } from "./fixtures.ts";

/** The next times that the engine watches a row, it finds what a trap would leave. */
async function armTraps(widget: Widget, count: number): Promise<void> {
  await widget.page.evaluate((count) => {
    const prototype = IntersectionObserver.prototype as any;
    const observe = (prototype.genuine ??= prototype.observe);
    prototype.observe = function (row: Element) {
      if (count-- > 0) throw new WebAssembly.RuntimeError("unreachable");
      observe.call(this, row);
    };
  }, count);
}

// The page hears of the trap as of any other uncaught error.
test.use({ toleratedErrors: /unreachable/ });

test("after a trap a new engine goes on with the conversation and the draft", async ({ widget, control }) => {
  await widget.chat("Hello");
  const errors = await widget.listen("error");
  await widget.input.fill("Half a thought");
  await armTraps(widget, 1);
  await control.say("Are you there?");
  await widget.expectTexts(["Hello", "Are you there?"]);
  await expect(widget.input).toHaveValue("Half a thought");
  await widget.input.press("Enter");
  await widget.expectDelivered("Half a thought");
  await control.say("Good");
  await widget.expectTexts(["Hello", "Are you there?", "Half a thought", "Good"]);
  expect(await control.texts()).toEqual(["Hello", "Are you there?", "Half a thought", "Good"]);
  expect(await errors()).toMatchObject([{ code: "internal/restarted" }]);
  expect(widget.wire.addresses).toHaveLength(2);
  await expect.poll(async () => (await control.conversation()).connections, "the dead engine's connection ends").toBe(1);
});

test("a message under way when the trap happened arrives once", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.fault({ kind: "delay", direction: "to_guest", ms: 400, count: 1 });
  await widget.send("In between");
  await armTraps(widget, 1);
  await control.say("Now");
  await widget.expectDelivered("In between");
  await expect(widget.message("Now")).toHaveCount(1);
  expect((await control.texts()).sort()).toEqual(["Hello", "In between", "Now"]);
});

test("after a second trap a notice gives the visitor the text back", async ({ widget, control }) => {
  await widget.chat("Hello");
  const errors = await widget.listen("error");
  await widget.input.fill("Precious words");
  await armTraps(widget, 9);
  await control.say("One");
  await expect(widget.part("notice")).toBeVisible();
  await expect(widget.part("notice")).toContainText("Precious words");
  await expect(widget.panel).toHaveCount(0);
  await widget.launcher.click();
  await expect(widget.part("notice")).toBeHidden();
  expect((await errors()).map(({ code }) => code)).toEqual(["internal/restarted", "internal/crashed"]);
});
