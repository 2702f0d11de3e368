// Hours that pass in moments, by a page's own clock.
import type { Page } from "@playwright/test";
import { expect } from "../fixtures.ts";

/** Where the page says whether a handshake or an answer is awaited. */
const awaiting = "guest-messenger tests: awaiting";

/** To be called before the page is opened. */
export async function installClock(page: Page): Promise<void> {
  await page.addInitScript((awaiting) => {
    const pending = new Set<object>();
    (window as any)[Symbol.for(awaiting)] = () => pending.size > 0;
    window.WebSocket = new Proxy(window.WebSocket, {
      construct(target, args, newTarget) {
        const socket = Reflect.construct(target, args, newTarget) as WebSocket;
        pending.add(socket);
        for (const end of ["open", "close"]) socket.addEventListener(end, () => pending.delete(socket), { once: true });
        return socket;
      },
    });
    window.fetch = new Proxy(window.fetch, {
      apply(target, self, args) {
        const answer = Reflect.apply(target, self, args) as Promise<Response>;
        pending.add(answer);
        answer.finally(() => pending.delete(answer)).catch(() => undefined);
        return answer;
      },
    });
  }, awaiting);
  await page.clock.install();
}

/**
 * Passes time until that is so. What a page awaits of the network takes real time: meanwhile its clock goes no faster than
 * that, or on a busy machine each attempt would be overdue before the browser has made it.
 */
export async function passTimeUntil(page: Page, is: () => Promise<boolean>, what: string, step_ms: number): Promise<void> {
  const isOrPass = async () => {
    if (await is()) return true;
    const isAwaiting = await page.evaluate((awaiting) => (window as any)[Symbol.for(awaiting)](), awaiting);
    if (!isAwaiting) await page.clock.runFor(step_ms);
    return false;
  };
  await expect.poll(isOrPass, { message: what, intervals: [20], timeout: 90_000 }).toBe(true);
}
