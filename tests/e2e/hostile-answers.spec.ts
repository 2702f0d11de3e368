// What an HTTP request may be answered: each answer of the corpus to the configuration's call and to that of history.
import type { Route } from "@playwright/test";
import { type Control, type Widget, expect, test } from "./fixtures.ts";
import { installClock, passTimeUntil } from "./support/clock.ts";
import { notDriven, rowsOf, takeTime, written } from "./support/corpus.ts";
import { Guard, headersOf, policies, strangeElements } from "./support/guard.ts";
import { bare, mount, unmount } from "./support/mounted.ts";

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  abortAfterBytes?: number;
}

async function answerWith(route: Route, { status = 200, headers = {}, body = "", abortAfterBytes }: Answer): Promise<void> {
  // A line that breaks in the middle of an answer is a broken line to a page.
  if (abortAfterBytes !== undefined) return route.abort("connectionreset");
  const text = typeof body === "string" ? body : JSON.stringify(body);
  await route.fulfill({ status, headers: { "access-control-allow-origin": "*", "access-control-expose-headers": "*", "content-type": "application/json", ...headers }, body: text });
}

const step_ms = 5_000;

/** Writes, and passes time until it is sent. */
async function sendInTime(widget: Widget, control: Control, text: string): Promise<void> {
  await passTimeUntil(widget.page, () => widget.input.isEnabled(), `${text} can be written`, step_ms);
  await widget.send(text);
  const isSent = async () => (await control.conversations()).some(({ messages }) => messages.some((message) => message.text === text));
  await passTimeUntil(widget.page, isSent, `${text} arrives`, step_ms);
}

// None of it is ever shown, so one policy is enough: the one that tells of every attempt.
for (const policy of policies.slice(1)) {
  test(`@corpus http: whatever the configuration or history is answered with, nothing of it is shown and the chat goes on, under ${policy}`, async ({ widget, control, page, standIn, website }) => {
    takeTime();
    const guard = await Guard.watch(page, website, standIn);
    await installClock(page);
    // So many answers in a row are that one; the platform's own come after.
    let armed: { to: RegExp; answer: Answer; times: number } | undefined;
    let asked = 0;
    await page.route(/\/(config\.json|api\/v2\/webmessaging\/messages)/, async (route) => {
      asked++;
      if (!armed || armed.times === 0 || !armed.to.test(route.request().url())) return route.fallback();
      armed.times--;
      await answerWith(route, armed.answer);
    });
    await bare(page, website, headersOf(policy, standIn));
    const unknown = new Map<string, string>();
    for (const { id, input } of rowsOf("http", "fetch")) {
      let answer: Answer;
      try {
        answer = written(input) as Answer;
      } catch (error) {
        unknown.set(id, (error as Error).message);
        continue;
      }
      armed = { to: /config\.json/, answer, times: 1 };
      asked = 0;
      await mount(page, standIn.url, { open: true });
      await expect.poll(() => armed?.times).toBe(0);
      // A refusal is told, and so is a configuration that is none, and the visitor may try again; everything else the
      // messenger tries again by itself.
      const { status = 200 } = answer;
      const isPage = typeof answer.body === "object" && answer.body !== null;
      if (isPage || (status >= 400 && status < 500 && status !== 408 && status !== 429)) await widget.startNew.click();
      await sendInTime(widget, control, `${id}, configuration`);
      // History is read when the line was gone.
      // A page that promises more pages is what each of them is.
      const times = isPage ? 30 : 1;
      armed = { to: /webmessaging/, answer, times };
      await control.fault({ kind: "kill" });
      await sendInTime(widget, control, `${id}, history`);
      await passTimeUntil(page, async () => armed!.times < times, `${id}: history was asked for`, step_ms);
      expect.soft(asked, `${id}: requests`).toBeLessThan(30);
      // A page of somebody's; what is a page of history is shown, as text.
      const words = typeof answer.body === "string" ? answer.body.replace(/<[^>]*>/g, "").trim() : "";
      if (words) expect.soft(await widget.panel.innerText(), id).not.toContain(words);
      expect.soft(await strangeElements(widget), id).toEqual([]);
      armed = undefined;
      await unmount(page);
    }
    await guard.expectClean();
    notDriven(unknown);
  });
}
