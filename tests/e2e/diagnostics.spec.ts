// The flight recorder: a journey of real trouble, handed to the page, without anybody's words, and played back.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestInfo } from "@playwright/test";
import { type Widget, expect, test } from "./fixtures.ts";
import { root } from "./support/stand-in.ts";

/** Words that must not be found again, each long enough to be nobody else's. */
const canaries = {
  hello: "canary-of-the-visitor-4711",
  refused: "canary-that-is-refused-4712",
  later: "canary „after“ the \"break\" 4713",
  answer: "canary-of-the-agent-4714",
  name: "Canary Lovelace",
  avatar: "canary-face-4715",
  card: "canary-on-a-card-4716",
  payload: "canary-payload-4717",
};

const exported = (widget: Widget) => widget.page.evaluate(() => window.GuestMessenger!.messenger!.exportDiagnostics());

/** Plays it back with the command that a person uses. `KEEP_RECORDINGS=1` also renews the project's own recordings. */
function replay(diagnostics: string, name: string, info: TestInfo): string {
  const folder = process.env["KEEP_RECORDINGS"] ? join(root, "tests", "vectors", "recordings") : info.outputPath();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(file, diagnostics);
  return execFileSync("npm", ["run", "--silent", "replay", "--", file], { cwd: root, encoding: "utf8" });
}

test("a chat with a break, a refusal and a reload is exported without anybody's words, and plays back to the same", async ({ widget, control, page }, info) => {
  await widget.chat(canaries.hello);
  await control.say({ text: canaries.answer, name: canaries.name, avatar: `https://example.com/${canaries.avatar}.png` });
  await control.say({ text: "", card: { title: canaries.card, actions: [{ type: "Postback", text: canaries.card, payload: canaries.payload }] } });
  await control.fault({ kind: "rate_limit", count: 1, retry_after_s: 1 });
  await widget.send(canaries.refused);
  await widget.expectDelivered(canaries.refused);
  await control.fault({ kind: "kill" });
  await widget.send(canaries.later);
  await widget.expectDelivered(canaries.later);
  const first = await exported(widget);
  expect(replay(first, "break-and-refusal", info)).toContain("every one put out the same");

  await page.reload();
  await widget.expectDelivered(canaries.later);
  await control.disconnect({ read_only: true });
  await expect(widget.ended).toBeVisible();
  const second = await exported(widget);
  expect(replay(second, "reload-and-end", info)).toContain("every one put out the same");

  const { token } = (await widget.mark())!;
  for (const diagnostics of [first, second]) {
    expect(JSON.parse(diagnostics)).toMatchObject({ format: "guest-messenger-diagnostics", version: 1, recordings: [{ truncated: false, died: false }] });
    for (const secret of [...Object.values(canaries), token, "canary", "Canary", "127.0.0.1"]) expect(diagnostics).not.toContain(secret);
  }
});

test("a page on which nothing was loaded exports nothing, and one that was taken off still exports", async ({ widget, page }) => {
  await widget.visit();
  expect(JSON.parse(await exported(widget))).toMatchObject({ recordings: [] });
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  const messenger = await page.evaluateHandle(() => window.GuestMessenger!.messenger!);
  await messenger.evaluate((messenger) => messenger.destroy());
  const { recordings } = JSON.parse(await messenger.evaluate((messenger) => messenger.exportDiagnostics()));
  expect(recordings).toHaveLength(1);
  expect(recordings[0].items.map((item: unknown[]) => item[2])).toContain("send");
});

test.describe("after a trap", () => {
  // The page hears of the trap as of any other uncaught error.
  test.use({ toleratedErrors: /unreachable/ });

  test("what led to it is exported beside what came after", async ({ widget, control, page }, info) => {
    await widget.chat("Hello");
    await page.evaluate(() => {
      const prototype = IntersectionObserver.prototype;
      const genuine = prototype.observe;
      prototype.observe = () => {
        prototype.observe = genuine;
        throw new WebAssembly.RuntimeError("unreachable");
      };
    });
    await control.say("Are you there?");
    await widget.expectTexts(["Hello", "Are you there?"]);
    const diagnostics = await exported(widget);
    expect(JSON.parse(diagnostics).recordings.map(({ died }: { died: boolean }) => died)).toEqual([true, false]);
    expect(replay(diagnostics, "trap", info)).toContain("look at the shell and the views");
  });
});
