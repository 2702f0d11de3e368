// What a tab that is gone had not sent: another tab of the conversation sends it, one of them, once.
import type { Page } from "@playwright/test";
import { build } from "esbuild";
import { root } from "./support/stand-in.ts";
import { type Website, expect, test } from "./fixtures.ts";

/** What is kept was kept long enough ago: no echo of it can still be on its way. */
const age = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((done) => {
        const opening = indexedDB.open("guest-messenger");
        opening.onsuccess = () => {
          const transaction = opening.result.transaction("vault", "readwrite");
          const store = transaction.objectStore("vault");
          store.openCursor().onsuccess = ({ target }) => {
            const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
            if (!cursor) return;
            if (cursor.value.savedAt_ms) cursor.update({ ...cursor.value, savedAt_ms: cursor.value.savedAt_ms - 20_000 });
            cursor.continue();
          };
          transaction.oncomplete = () => {
            opening.result.close();
            done();
          };
        };
      }),
  );

/** How many places hold something that waits to be sent. */
const waiting = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((done) => {
        const opening = indexedDB.open("guest-messenger");
        opening.onsuccess = () => {
          const all = opening.result.transaction("vault").objectStore("vault").getAll();
          all.onsuccess = () => {
            opening.result.close();
            done(all.result.filter(({ of }) => of).length);
          };
        };
      }),
  );

/** Without a word. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  void session.send("Page.crash").catch(() => undefined);
  await crashed;
}

test("what a tab that was killed had not sent is sent once by the one that is left, and shown there", async ({ widget, secondWidget, control, standIn }) => {
  await widget.chat("Hello");
  await secondWidget.visit();
  await secondWidget.open();
  await secondWidget.expectTexts(["Hello"]);
  await standIn.kill();
  await secondWidget.send("From the dead");
  await expect(secondWidget.message("From the dead")).toHaveAttribute("data-delivery", "queued");
  await secondWidget.input.fill("Half a tho");
  await expect.poll(() => waiting(widget.page)).toBe(1);
  await crash(secondWidget.page);
  await age(widget.page);
  await standIn.start();
  await widget.expectDelivered("From the dead");
  await widget.expectTexts(["Hello", "From the dead"]);
  await expect(widget.input).toHaveValue("");
  expect(await control.texts()).toEqual(["Hello", "From the dead"]);
  await widget.page.reload();
  await widget.expectTexts(["Hello", "From the dead"]);
  expect(await control.texts()).toEqual(["Hello", "From the dead"]);
});

test("what a tab that was killed had not sent is sent once by one that starts later", async ({ context, website, widget, secondWidget, control, standIn }) => {
  const page = { attributes: { remember: "true" } };
  await widget.chat("Hello", page);
  await standIn.kill();
  await widget.send("From the dead");
  await expect(widget.message("From the dead")).toHaveAttribute("data-delivery", "queued");
  await expect.poll(() => waiting(widget.page)).toBe(1);
  await crash(widget.page);
  await standIn.start();
  const other = await context.newPage();
  await other.goto(website.elsewhere);
  await age(other);
  await secondWidget.visit(page);
  await secondWidget.expectDelivered("From the dead");
  expect(await control.texts()).toEqual(["Hello", "From the dead"]);
});

test.describe("the vault of the tabs", () => {
  interface InPage {
    vault: { load(): Promise<string | undefined>; save(text: string): Promise<boolean | string>; adopt(of: number): Promise<string | undefined> };
  }
  const script = build({
    stdin: {
      contents: 'import { Vault } from "./www/src/vault.ts"; import * as takeOver from "./www/src/lazy/take-over.ts"; window.vault = new Vault("d", async () => takeOver);',
      resolveDir: root,
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "iife",
  }).then(({ outputFiles }) => outputFiles[0]!.text);

  async function tab(page: Page, website: Website): Promise<void> {
    await page.goto(website.elsewhere);
    await page.addScriptTag({ content: await script });
  }
  const load = (page: Page) => page.evaluate(() => (window as unknown as InPage).vault.load());
  const save = (page: Page, text: string) => page.evaluate((text) => (window as unknown as InPage).vault.save(text), text);
  const adopt = (page: Page, of = 7) => page.evaluate((of) => (window as unknown as InPage).vault.adopt(of), of);

  const message = (id: string, failed = false, of = 7) => ({ id, failed, of });
  const kept = (unsent: object[], draft = "") => JSON.stringify({ v: 1, unsent, draft });
  const ids = (text: string | undefined) => JSON.parse(text!).unsent.map(({ id }: { id: string }) => id);

  test("of two tabs that reach for what is left behind exactly one gets it, and has it after a reload", async ({ context, website }) => {
    const [gone, one, other] = [await context.newPage(), await context.newPage(), await context.newPage()] as const;
    for (const page of [gone, one, other]) await tab(page, website);
    await save(gone, kept([message("a"), message("b")], "a draft"));
    await save(one, kept([message("own")]));
    await gone.close();
    await age(one);
    const got = await Promise.all([adopt(one), adopt(other)]);
    expect(got.filter(Boolean).map(ids)).toEqual([["a", "b"]]);
    const [winner, loser] = got[0] ? [one, other] : [other, one];
    expect(await adopt(loser)).toBeUndefined();
    for (const page of [winner, loser]) await tab(page, website);
    const own = winner === one ? ["own"] : [];
    expect(ids(await load(winner))).toEqual([...own, "a", "b"]);
    // What is saved now holds all that it was given.
    expect(await save(winner, kept([message("b")]))).toBe(true);
    await tab(winner, website);
    expect(ids(await load(winner))).toEqual(["b"]);
  });

  test("the draft, and what was shown as not sent, stay the tab's that is gone", async ({ context, website }) => {
    const [gone, page] = [await context.newPage(), await context.newPage()];
    for (const each of [gone, page]) await tab(each, website);
    await save(gone, kept([message("failed", true), message("a")], "a draft"));
    const name = await gone.evaluate(() => ({ ...sessionStorage }));
    await gone.close();
    await age(page);
    expect(await adopt(page)).toBe(JSON.stringify({ v: 1, unsent: [message("a")] }));
    // The browser opens it again.
    const again = await context.newPage();
    await again.addInitScript((name) => Object.assign(sessionStorage, name), name);
    await tab(again, website);
    expect(JSON.parse((await load(again))!)).toEqual({ v: 1, unsent: [message("failed", true)], draft: "a draft" });
  });

  test("a tab that lives loses nothing, nor one that has just saved, nor one of another conversation", async ({ context, website }) => {
    const [lives, gone, page] = [await context.newPage(), await context.newPage(), await context.newPage()];
    for (const each of [lives, gone, page]) await tab(each, website);
    await save(lives, kept([message("a")]));
    await age(page);
    await save(gone, kept([message("b")]));
    await gone.close();
    expect(await adopt(page)).toBeUndefined();
    await age(page);
    expect(await adopt(page, 8)).toBeUndefined();
    expect(ids(await adopt(page))).toEqual(["b"]);
  });

  test("a tab that stood still is told what was taken over, once, and saves nothing by that", async ({ context, website }) => {
    const [still, page] = [await context.newPage(), await context.newPage()];
    for (const each of [still, page]) await tab(each, website);
    await save(still, kept([message("a"), message("failed", true)]));
    await age(page);
    // It hears nothing.
    await still.evaluate(() => {
      const { postMessage } = BroadcastChannel.prototype;
      BroadcastChannel.prototype.postMessage = () => undefined;
      setTimeout(() => (BroadcastChannel.prototype.postMessage = postMessage), 5_000);
    });
    expect(ids(await adopt(page))).toEqual(["a"]);
    const both = await still.evaluate(([first, second]) => {
      const { vault } = window as unknown as InPage;
      return Promise.all([vault.save(first!), vault.save(second!)]);
    }, [kept([message("a")]), kept([message("a"), message("b")])]);
    expect(both).toEqual(["a", "a"]);
    expect(await save(still, kept([message("b")]))).toBe(true);
    await tab(still, website);
    expect(ids(await load(still))).toEqual(["b"]);
  });

  test("what comes back to the tab from which it was taken over is that tab's again", async ({ context, website }) => {
    const [first, second] = [await context.newPage(), await context.newPage()];
    for (const each of [first, second]) await tab(each, website);
    await save(first, kept([message("a"), message("b")]));
    await age(second);
    await tab(first, website);
    // Before this page asks for what it has.
    await first.evaluate(() => (BroadcastChannel.prototype.postMessage = () => undefined));
    expect(ids(await adopt(second))).toEqual(["a", "b"]);
    expect(await save(second, kept([message("b")]))).toBe(true);
    await second.close();
    await age(first);
    expect(ids(await adopt(first))).toEqual(["b"]);
    expect(await save(first, kept([message("a"), message("b")]))).toBe("a");
    expect(await save(first, kept([message("b")]))).toBe(true);
    await tab(first, website);
    expect(ids(await load(first))).toEqual(["b"]);
    expect(await save(first, kept([message("b")])), "a new page knows what it has").toBe(true);
  });

  test("looking for what is left behind makes no database", async ({ context, website }) => {
    const page = await context.newPage();
    await tab(page, website);
    expect(await adopt(page)).toBeUndefined();
    expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([]);
    expect(await save(page, kept([message("a")]))).toBe(true);
  });
});
