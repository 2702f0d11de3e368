// The corpus's files, each dropped onto the messenger: what is refused and how, and under which name one goes out.
import type { Json } from "./fixtures.ts";
import { expect, test } from "./fixtures.ts";
import { notDriven, rowsOf, takeTime, written } from "./support/corpus.ts";
import { Tray } from "./support/files.ts";
import { Guard, headersOf, policies, strangeElements } from "./support/guard.ts";

interface Given {
  name: string;
  type: string;
  bytes: string | Buffer;
}

for (const policy of policies) {
  test(`@corpus upload: each file is sent under an honest name, or refused in words, under ${policy}`, async ({ widget, page, standIn, website }) => {
    takeTime();
    const guard = await Guard.watch(page, website, standIn);
    await widget.chat("Hello", { headers: headersOf(policy, standIn) });
    const tray = new Tray(widget);
    const unknown = new Map<string, string>();
    for (const { id, input, expect: expected } of rowsOf("upload", "file")) {
      let given: Given;
      try {
        given = written(input) as Given;
        if (typeof given.name !== "string") throw new Error("it has no name");
      } catch (error) {
        unknown.set(id, (error as Error).message);
        continue;
      }
      const before = widget.wire.sent.length;
      const buffer = Buffer.isBuffer(given.bytes) ? given.bytes : Buffer.from(String(given.bytes ?? ""));
      // A size looks the same under any policy.
      if (buffer.length > 1_000_000 && policy !== policies[0]) continue;
      const row = tray.rows.nth(await tray.rows.count());
      await tray.bring("drop", [{ name: given.name, mimeType: given.type ?? "", buffer }]);
      await expect.poll(() => row.getAttribute("data-state"), { message: id, intervals: [20] }).toMatch(/^(uploaded|failed)$/);
      const announced = widget.wire.sent.slice(before).filter((frame) => frame["action"] === "onAttachment") as Json[];
      const state = await row.getAttribute("data-state");
      if (state === "failed") await expect.soft(row.locator("[part=file-note]"), `${id}: why`).not.toBeEmpty();
      const keyword = /^[\w-]+/.exec(expected)?.[0];
      // A browser may have cut something off, which nobody sees then.
      const brought = await page.evaluate(({ name, type }) => [new File([], name, { type }).name, new File([], name, { type }).type], { name: given.name, type: given.type ?? "" });
      const isWhole = brought[0] === given.name && brought[1] === (given.type ?? "").toLowerCase();
      if (keyword === "reject" && isWhole) {
        expect.soft(state, `${id} ${expected}`).toBe("failed");
        expect.soft(announced, `${id}: the platform is not asked`).toEqual([]);
      }
      if (keyword === "accept-as") expect.soft(announced.map(({ fileName }) => fileName), id).toEqual([expected.slice("accept-as:".length)]);
      for (const { fileType } of announced) expect.soft(fileType, `${id}: the type that goes out`).toMatch(/^[\w.+-]+\/[\w.+-]+$/);
      for (const { fileName } of announced) expect.soft(fileName, `${id}: the name that goes out`).toMatch(/^[^\p{Cc}/\\:%]{1,1023}$/u);
      // What is shown of it is a drawing, never the file itself.
      expect.soft(await row.locator("img, video, audio, iframe, object, embed").count(), `${id}: shown`).toBe(0);
      expect.soft(await row.locator("[part=file-title]:not([dir=auto])").count(), `${id}: direction`).toBe(0);
      expect.soft(await strangeElements(widget), id).toEqual([]);
      if (state === "failed") await row.locator("[part=file-remove]").click();
    }
    // All that could be sent is sent at once, and shown as what it is.
    const uploaded = await tray.rows.count();
    await widget.send("Files");
    await widget.expectDelivered("Files");
    await expect(widget.part("attachment")).toHaveCount(uploaded);
    await expect(widget.host.locator("[part=attachment][aria-busy]")).toHaveCount(0);
    expect.soft(await strangeElements(widget)).toEqual([]);
    await widget.send("Still here");
    await widget.expectDelivered("Still here");
    await guard.expectClean();
    notDriven(unknown);
  });
}
