// A conversation with the stand-in: both ways, kept over a reload.
import { click, equals, faults, part, texts, until, watch } from "./page.mjs";

const enter = "\uE007";

export async function talk(browser, { url, control }, check) {
  const call = async (method, path, body) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${control}/${path}`, { method, headers, body: body && JSON.stringify(body) });
    return answer.json();
  };
  const newest = async () => (await call("GET", "conversations")).at(-1);
  await browser.open(`${url}/`);
  await watch(browser);
  await check("the launcher opens the panel, with the focus where one writes", async () => {
    await until(async () => (await part(browser, "launcher", "isConnected")) === true);
    await click(browser, "launcher");
    await until(async () => equals(await part(browser, "panel", "hidden"), false));
    const focused = () => browser.run(() => document.querySelector("guest-messenger").shadowRoot.activeElement?.getAttribute("part") ?? null);
    await until(async () => equals(await focused(), "input"));
  });
  await check("what is typed is sent with Enter, once", async () => {
    await browser.type("Hello, is it there?");
    await browser.type(enter);
    await until(async () => equals(await texts(browser), ["Hello, is it there?: sent"]));
    const { messages } = await newest();
    if (messages.length !== 1) throw new Error(`the platform has ${messages.length} messages`);
  });
  await check("an agent's answer is shown", async () => {
    await call("POST", `conversations/${(await newest()).id}/messages`, { author: "agent", name: "Ana", text: "It is on its way." });
    await until(async () => equals(await texts(browser), ["Hello, is it there?: sent", "It is on its way."]));
  });
  await check("the conversation and the draft are there again after a reload", async () => {
    const kept = () => browser.run(keptBytes);
    await until(async () => equals(await kept(), 0));
    await browser.type("H");
    await until(async () => (await kept()) > 0);
    const letter_bytes = await kept();
    await browser.type("alf a thought");
    // Encrypted, each letter is one byte more.
    await until(async () => equals(await kept(), letter_bytes + "alf a thought".length));
    await check("nothing went wrong in the page", () => noFaults(browser));
    await browser.reload();
    await watch(browser);
    await until(async () => equals(await texts(browser), ["Hello, is it there?: sent", "It is on its way."]));
    await until(async () => equals(await part(browser, "input", "value"), "Half a thought"));
  });
  await check("nothing went wrong in the page after it", () => noFaults(browser));
}

async function noFaults(browser) {
  const found = await faults(browser);
  if (found.length > 0) throw new Error(JSON.stringify(found));
}

/** In the page: how much lies in the vault. */
function keptBytes() {
  return new Promise((resolve) => {
    const opening = indexedDB.open("guest-messenger");
    opening.onsuccess = () => {
      const reading = opening.result.transaction("vault").objectStore("vault").getAll();
      reading.onsuccess = () => {
        opening.result.close();
        resolve(reading.result.reduce((sum, { data }) => sum + (data?.byteLength ?? 0), 0));
      };
    };
  });
}
