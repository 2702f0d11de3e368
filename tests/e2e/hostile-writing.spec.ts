// What a visitor may write, paste and press, and what may be told of it: the corpus's composer and logs.
import type { Page } from "@playwright/test";
import { type Control, type Json, type Widget, expect, test } from "./fixtures.ts";
import { notDriven, rowsOf, takeTime, written } from "./support/corpus.ts";
import { Tray, picture } from "./support/files.ts";
import { Guard, headersOf, policies, strangeElements } from "./support/guard.ts";

/** A text as a keyboard or a script brings it into the field, half characters and all. */
async function write(widget: Widget, text: string): Promise<void> {
  // As JSON, on whose way half a character stays one.
  const json = JSON.stringify(text);
  await widget.input.evaluate((input, json) => {
    (input as HTMLTextAreaElement).value = JSON.parse(json);
    input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
  }, json);
}

/** What the corpus says in words, each as the visitor does it. Undefined for what nobody knows. */
function gesture({ paste, ime, keys }: Record<string, string>): ((widget: Widget, control: Control, page: Page) => Promise<void>) | undefined {
  const size = /^(\d+) ([KM])B of text$/.exec(paste ?? "");
  if (size) {
    const length = Number(size[1]) * (size[2] === "M" ? 1_000_000 : 1_000);
    return async (widget) => {
      const before = await widget.messages.count();
      await write(widget, "a".repeat(length));
      await widget.input.press("Enter");
      await expect(widget.messages, "nothing is sent").toHaveCount(before);
      expect((await widget.input.inputValue()).length, "it stays, to be made shorter").toBe(length);
    };
  }
  if (/^image\//.test(paste ?? "")) {
    return async (widget, _, page) => {
      const tray = new Tray(widget);
      await tray.bring("paste", [await picture(page, "pasted.png")]);
      await tray.expectState("pasted.png", "uploaded");
      await tray.remove("pasted.png").click();
    };
  }
  if (/Enter/.test(ime ?? "")) {
    return async (widget) => {
      const before = await widget.messages.count();
      await write(widget, "にほん");
      await widget.input.dispatchEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, isComposing: true, keyCode: 229 });
      await expect(widget.messages).toHaveCount(before);
    };
  }
  const presses = /^(\w+) x ?(\d+)/.exec(keys ?? "");
  if (presses) {
    return async (widget, control) => {
      await write(widget, "Once");
      for (let press = 0; press < Number(presses[2]); press++) await widget.input.press(presses[1]!);
      await widget.expectDelivered("Once");
      expect((await control.texts("guest")).filter((text) => text === "Once")).toHaveLength(1);
    };
  }
  return undefined;
}

for (const policy of policies) {
  test(`@corpus composer: what is written goes out letter by letter or not at all, under ${policy}`, async ({ widget, control, page, standIn, website }) => {
    takeTime();
    const guard = await Guard.watch(page, website, standIn);
    const unknown = new Map<string, string>();
    await widget.chat("Hello", { headers: headersOf(policy, standIn) });
    for (const { id, input, expect: expected } of rowsOf("composer", "user-input")) {
      const before = await widget.messages.count();
      let text: unknown;
      try {
        text = written(input);
      } catch (error) {
        unknown.set(id, (error as Error).message);
        continue;
      }
      if (typeof text !== "string") {
        // What is done and not written looks the same under any policy.
        if (policy !== policies[0]) continue;
        const act = gesture(text as Record<string, string>);
        if (act) await act(widget, control, page);
        else unknown.set(id, `nobody knows how to do ${JSON.stringify(text)}`);
      } else {
        await write(widget, text);
        await widget.input.press("Enter");
        // As a field has it, and without spaces at the ends; half a character is none, and a zero none either.
        const honest = Buffer.from(text.replace(/\r\n?/g, "\n")).toString();
        const last = async () => (await control.texts("guest")).at(-1)?.replaceAll("\0", "");
        if (/^reject/.test(expected)) {
          await expect(widget.messages, id).toHaveCount(before);
          if (text) await expect.soft(widget.input, `${id}: it stays, to be mended`).not.toHaveValue("");
        } else if (honest.replaceAll("\0", "").trim()) {
          await expect.poll(last, { message: id, intervals: [50] }).toBe(honest.replaceAll("\0", "").trim());
        }
      }
      expect.soft(await strangeElements(widget), id).toEqual([]);
      await write(widget, "");
    }
    await guard.expectClean();
    notDriven(unknown);
  });
}

/** Every text in an input of the corpus. */
const leaves = (input: unknown): string[] => (typeof input === "string" ? [input] : typeof input === "object" && input ? Object.values(input).flatMap(leaves) : []);

test("@corpus privacy-log: no word of anybody's and no token is in the console, in an event, in an address or in what is exported", async ({ widget, control, page, standIn, website }) => {
  takeTime();
  const guard = await Guard.watch(page, website, standIn);
  const told: string[] = [];
  page.on("console", (message) => told.push(message.text()));
  page.on("request", (request) => told.push(request.url()));
  // What is shorter may be anybody's.
  const rows = rowsOf("privacy-log").flatMap(({ id, input }) => leaves(input).filter((text) => text.length >= 8).map((text) => ({ id, text })));
  await widget.visit();
  await page.evaluate(() => {
    const heard: string[] = ((window as any)[Symbol.for("heard")] = []);
    const names = ["ready", "opened", "closed", "started", "message", "delivery", "typing", "read", "unread", "connection", "expiring", "authenticated", "ended", "cleared", "metrics", "audit", "error"];
    for (const name of names) document.querySelector("guest-messenger")!.addEventListener(name, (event) => heard.push(JSON.stringify((event as CustomEvent).detail)));
  });
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  for (const { id, text } of rows) {
    await write(widget, text);
    await widget.input.press("Enter");
    await control.say({ text, name: text, raw_body: { metadata: { note: text } } });
    for (const [name, body] of Object.entries({ string: text, Error: { code: "x", message: text }, JwtResponse: { jwt: text, exp: 1 } })) {
      await control.frame({ type: "response", class: name, code: name === "string" ? 500 : 200, body } satisfies Json);
    }
    // Each frame has had its effect.
    await control.say(`After ${id}`);
    await expect(widget.message(`After ${id}`).first()).toBeVisible();
  }
  told.push(...(await page.evaluate(() => (window as any)[Symbol.for("heard")] as string[])), await page.evaluate(() => window.GuestMessenger!.messenger!.exportDiagnostics()));
  const { token } = (await widget.mark())!;
  for (const secret of [token, ...rows.map(({ text }) => text)]) expect.soft(told.filter((text) => text.includes(secret)), `of ${secret}`).toEqual([]);
  await guard.expectClean();
});

test("@corpus privacy-log: a token that the browser kept is in no address, event, message or export", async ({ widget, page }) => {
  const tokens = rowsOf("privacy-log").flatMap(({ input }) => leaves(input)).filter((text) => /^[\w-]{16,}$/.test(text));
  for (const token of tokens) {
    await widget.visit();
    await page.evaluate(([key, record]) => sessionStorage.setItem(key, record), [`guest-messenger:${await widget.host.evaluate(() => document.querySelector("script[data-deployment-id]")!.getAttribute("data-deployment-id"))}`, JSON.stringify({ v: 1, token, expiresAt: Date.now() + 3_600_000, live: true, open: true })] as const);
    const told: string[] = [];
    page.on("console", (message) => told.push(message.text()));
    page.on("request", (request) => told.push(request.url()));
    await page.reload();
    await widget.send("With it");
    await widget.expectDelivered("With it");
    expect(widget.wire.sent.some((frame) => frame["token"] === token), "it is used").toBe(true);
    told.push(...widget.wire.addresses, await page.evaluate(() => window.GuestMessenger!.messenger!.exportDiagnostics()), await widget.host.evaluate((host) => host.outerHTML + host.shadowRoot!.innerHTML));
    expect(told.filter((text) => text.includes(token))).toEqual([]);
  }
});
