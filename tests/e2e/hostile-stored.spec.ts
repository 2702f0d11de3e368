// What lies in the browser's storages when the messenger comes, or how they fail: the corpus's storage.
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { notDriven, rowsOf, takeTime, written } from "./support/corpus.ts";
import { Guard, headersOf, policies, strangeElements } from "./support/guard.ts";
import { deploymentId } from "./support/stand-in.ts";

const mark = `guest-messenger:${deploymentId}`;

/** Puts this text where the tab's unsent messages are: as it is, and as if the messenger had encrypted it. */
const spoil = (page: Page, text: string) =>
  page.evaluate(
    async ([deploymentId, text]) => {
      const tab = sessionStorage.getItem(`guest-messenger:${deploymentId}:tab`) ?? crypto.randomUUID();
      sessionStorage.setItem(`guest-messenger:${deploymentId}:tab`, tab);
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open("guest-messenger", 1);
        request.onupgradeneeded = () => request.result.createObjectStore("vault");
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const finish = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: () => reject(request.error) }));
      const store = () => database.transaction("vault", "readwrite").objectStore("vault");
      const found = await finish<CryptoKey | undefined>(store().get("key"));
      const key = found ?? (await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]));
      if (!found) await finish(store().put(key, "key"));
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text));
      await finish(store().put({ iv, data, savedAt_ms: Date.now() }, `${deploymentId}:${tab}`));
      await finish(store().put({ iv, data: new TextEncoder().encode(text).buffer, savedAt_ms: Date.now() }, `${deploymentId}:${tab}+spoilt`));
      database.close();
    },
    [deploymentId, text] as const,
  );

/** Before the page's first script, the storages begin to fail with an error of this name. */
const failWith = (page: Page, name: string) =>
  page.addInitScript((name) => {
    const fail = () => {
      throw new DOMException("The storage fails.", name);
    };
    if (name !== "InvalidStateError") Object.assign(Storage.prototype, { setItem: fail, ...(name === "SecurityError" ? { getItem: fail, removeItem: fail } : {}) });
    IDBFactory.prototype.open = fail;
  }, name);

// None of it is ever shown, so one policy is enough: the one that tells of every attempt.
for (const policy of policies.slice(1)) {
  test(`@corpus storage: what somebody has left there costs nothing, and what fails neither, under ${policy}`, async ({ context, widget: _, control, standIn, website }) => {
    takeTime();
    const unknown = new Map<string, string>();
    const { Widget } = await import("./support/widget.ts");
    for (const { id, surface, input } of rowsOf("storage")) {
      const text = String(written(input));
      const page = await context.newPage();
      const guard = await Guard.watch(page, website, standIn);
      const widget = new Widget(page, website);
      const fault = /^(\w+Error)\b/.exec(text)?.[1];
      const host = { headers: headersOf(policy, standIn) };
      if (surface === "any" && fault) await failWith(page, fault);
      else if (surface === "any" && !/cleared/.test(text)) {
        unknown.set(id, `nobody knows how to do "${text}"`);
        await page.close();
        continue;
      }
      await widget.visit(host);
      if (surface === "token") {
        await page.evaluate(([mark, text]) => {
          for (const area of [sessionStorage, localStorage]) area.setItem(mark, text);
        }, [mark, text] as const);
        await page.reload();
      }
      if (surface === "outbox") {
        await spoil(page, text);
        await page.reload();
      }
      await widget.open();
      await widget.send(`Hello, ${id}`);
      await widget.expectDelivered(`Hello, ${id}`);
      if (surface === "token") expect.soft((await widget.mark())?.token, `${id}: a token of its own`).toMatch(/^[\da-f-]{36}$/);
      if (/cleared/.test(text)) {
        await page.evaluate(() => {
          sessionStorage.clear();
          localStorage.clear();
          indexedDB.deleteDatabase("guest-messenger");
        });
        await widget.send("Afterwards");
        await widget.expectDelivered("Afterwards");
      }
      await control.say(`Welcome, ${id}`);
      await expect(widget.message(`Welcome, ${id}`)).toBeVisible();
      expect.soft(await strangeElements(widget), id).toEqual([]);
      await guard.expectClean();
      if (!fault) await page.evaluate(() => [sessionStorage, localStorage].forEach((area) => area.clear()));
      await page.close();
    }
    notDriven(unknown);
  });
}
