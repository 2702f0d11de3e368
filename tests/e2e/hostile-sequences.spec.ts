// What a platform, a line and a visitor may do one after the other: the sequences of the corpus.
import { expect, test } from "./fixtures.ts";
import { installClock } from "./support/clock.ts";
import { notDriven, rowsOf, takeTime } from "./support/corpus.ts";
import { Guard, headersOf, policies, strangeElements } from "./support/guard.ts";
import { type Play, passUntil, read } from "./support/sequences.ts";

/** Does what a visitor would, and passes time, until a message goes both ways. */
async function expectAlive(play: Play): Promise<void> {
  const { id, widget, control } = play;
  const canWrite = async () => {
    if (await widget.startNew.isVisible()) await widget.startNew.click();
    return widget.input.isEnabled();
  };
  await passUntil(play, canWrite, "the visitor can write");
  await widget.send(`After ${id}`);
  await passUntil(play, async () => (await control.conversations()).some(({ messages }) => messages.some(({ text }) => text === `After ${id}`)), "what is written arrives");
  await control.say(`Said after ${id}`);
  await passUntil(play, async () => (await widget.message(`Said after ${id}`).count()) === 1, "what is answered is shown");
}

for (const policy of policies) {
  test(`@corpus sequence: after any order of frames, breaks and refusals the chat goes on, with each message once, under ${policy}`, async ({ widget, control, page, standIn, website }) => {
    takeTime();
    const guard = await Guard.watch(page, website, standIn);
    await installClock(page);
    await widget.chat("Hello", { headers: headersOf(policy, standIn) });
    const unknown = new Map<string, string>();
    for (const { id, input, expect: expected } of rowsOf("sequence", "protocol")) {
      const acts = read(input);
      if (!acts) {
        unknown.set(id, JSON.stringify(input));
        continue;
      }
      const play: Play = { id, widget, control, website, sent: new Set() };
      for (const act of acts) await act(play);
      await expectAlive(play);
      const texts = await widget.part("bubble").allInnerTexts();
      const own = texts.filter((text) => text.startsWith(`${id} `));
      expect.soft(own.filter((text, at) => own.indexOf(text) !== at), `${id} ${expected}: twice`).toEqual([]);
      const order = /^order (\w+(?:,\w+)+)/.exec(expected)?.[1]?.split(",");
      if (order) expect.soft(own, `${id} ${expected}`).toEqual(order.map((name) => `${id} ${name}`));
      await control.clearFaults();
    }
    expect(await strangeElements(widget)).toEqual([]);
    await guard.expectClean();
    notDriven(unknown);
  });
}
