// What a page or a deployment may set, and what a page may call: the corpus's configurations and host API.
import type { Page } from "@playwright/test";
import { type Json, type Widget, expect, test } from "./fixtures.ts";
import { type Row, notDriven, rowsOf, takeTime, written } from "./support/corpus.ts";
import { Guard, headersOf, policies, strangeElements } from "./support/guard.ts";
import { bare, mount, unmount } from "./support/mounted.ts";

/** The option that a surface of the corpus stands for. */
const optionOf: Record<string, string> = { "deployment-id": "deploymentId", region: "environment", "base-url": "endpoint" };

/** Where the deployment's configuration has what the corpus calls by another name. */
function place(config: any, given: Json): void {
  const { styles, apps } = config.messenger;
  const theme = (given["theme"] ?? {}) as Json;
  const labels = (given["labels"] ?? {}) as Json;
  if ("primary" in theme) Object.assign(styles, { primaryColor: theme["primary"], secondaryColor: theme["primary"] });
  if ("font" in theme) Object.assign(styles, { fontFamily: theme["font"], fontSize: theme["font"] });
  if ("title" in labels) {
    const keys = ["MessengerHomeHeaderTitle", "MessengerHomeHeaderSubTitle", "MessengerLauncherButtonText"];
    config.customI18nLabels = [{ language: "en-us", localizedLabels: keys.map((key) => ({ key, value: labels["title"] })) }];
    config.messenger.launcherButton.displayType = "IconAndText";
  }
  if ("logoUrl" in given) {
    config.messenger.homeScreen = { enabled: true, logoUrl: given["logoUrl"] };
    config.messenger.launcherButton.icon = { url: given["logoUrl"] };
    apps.conversations.humanize = { enabled: true, bot: { name: "Robi", avatarUrl: given["logoUrl"] } };
  }
  if ("locale" in given) Object.assign(config, { languages: [given["locale"]], defaultLanguage: given["locale"] });
  if ("messagingEndpoint" in given) apps.conversations.messagingEndpoint = given["messagingEndpoint"];
  for (const [key, value] of Object.entries(given)) Object.defineProperty(config, key, { value, enumerable: true, writable: true, configurable: true });
}

/** The messenger works; or it says, without a word of the row's, that it cannot. */
async function expectAlive(widget: Widget, page: Page, id: string, policy: string): Promise<void> {
  await page.evaluate(() => (window as any)[Symbol.for("mounted")].open());
  const text = `After ${id}, under ${policy}`;
  // Before the configuration is there, a message waits for it; with one that ends everything, the field is closed under it.
  let isWritten = false;
  const write = async () => {
    await widget.input.fill(text, { timeout: 1_000 });
    await widget.input.press("Enter", { timeout: 10_000 });
    isWritten = true;
  };
  const isSent = async () => (await widget.messages.and(page.locator("[data-delivery=sent]")).filter({ hasText: text }).count()) === 1;
  const isEnded = async () => (await widget.ended.isVisible()) && (await widget.ended.innerText()).length > 10;
  const isAlive = async () => {
    if ((await isEnded()) || (await isSent())) return true;
    if (!isWritten) await write().catch(() => undefined);
    return false;
  };
  await expect.poll(isAlive, { message: id, intervals: [50] }).toBe(true);
  expect.soft(await strangeElements(widget), id).toEqual([]);
}

function inputOf({ id, input }: Row, unknown: Map<string, string>): { input: unknown } | undefined {
  try {
    const found = written(input);
    // A configuration that comes as its text.
    return { input: typeof found === "string" && /^[[{]/.test(found) ? JSON.parse(found) : found };
  } catch (error) {
    unknown.set(id, (error as Error).message);
    return undefined;
  }
}

for (const policy of policies) {
  test(`@corpus config: what a page sets is an option or a mistake, under ${policy}`, async ({ widget, page, standIn, website, control: _ }) => {
    takeTime();
    const guard = await Guard.watch(page, website, standIn);
    await bare(page, website, headersOf(policy, standIn));
    const unknown = new Map<string, string>();
    for (const row of rowsOf("config").filter(({ surface }) => surface !== "remote-config")) {
      const found = inputOf(row, unknown);
      if (!found) continue;
      const option = optionOf[row.surface];
      // A region is tried without an address of one's own; nothing is asked of it before somebody opens the chat.
      const options = option ? { [option]: found.input, ...(option === "environment" ? { endpoint: undefined } : {}) } : found.input;
      const fault = await mount(page, standIn.url, option === "environment" ? { environment: found.input, endpoint: null } : options);
      const isRegion = option === "environment";
      const keyword = /^\w+/.exec(row.expect)?.[0];
      if (isRegion) {
        const accepted = await mount(page, standIn.url, { environment: found.input });
        expect.soft(accepted === undefined, `${row.id} ${row.expect}`).toBe(keyword === "accept");
      } else if (option || fault) {
        expect.soft(fault, `${row.id} ${row.expect}`).toMatch(/^misuse\//);
      }
      if (fault === undefined && !isRegion) await expectAlive(widget, page, row.id, policy);
      else await expect.soft(widget.host, `${row.id}: nothing is there`).toHaveCount(isRegion && keyword === "accept" ? 1 : 0);
      await unmount(page);
    }
    await mount(page, standIn.url, {});
    await expectAlive(widget, page, "all", policy);
    await guard.expectClean();
    notDriven(unknown);
  });

  test(`@corpus config: whatever a deployment's configuration holds, the messenger works or says why not, under ${policy}`, async ({ widget, control, page, standIn, website }) => {
    takeTime();
    const guard = await Guard.watch(page, website, standIn);
    let change: (config: any) => void = () => undefined;
    await page.route("**/config.json", async (route) => {
      const answer = await route.fetch();
      const config = await answer.json();
      change(config);
      await route.fulfill({ response: answer, json: config });
    });
    await bare(page, website, headersOf(policy, standIn));
    const unknown = new Map<string, string>();
    for (const row of rowsOf("config").filter(({ surface }) => surface === "remote-config" || surface === "config")) {
      const found = inputOf(row, unknown);
      if (!found || typeof found.input !== "object" || !found.input) continue;
      change = (config) => place(config, found.input as Json);
      await mount(page, standIn.url, {});
      await expectAlive(widget, page, row.id, policy);
      const text = JSON.stringify(found.input);
      const words = await widget.host.evaluate((host) => host.style.cssText + [...host.shadowRoot!.adoptedStyleSheets].at(-1)?.cssRules[0]?.cssText);
      expect.soft(words, `${row.id}: style sheets`).not.toMatch(/url\(|@import|display:\s*none/);
      if (/^inert/.test(row.expect)) await expect.soft(widget.ended, row.id).toBeVisible();
      if (/^no-image/.test(row.expect)) await expect.soft(widget.host.locator("img:not([part=avatar])"), `${row.id} ${text}`).toHaveCount(0);
      await unmount(page);
    }
    change = () => undefined;
    await mount(page, standIn.url, {});
    await expectAlive(widget, page, "all", policy);
    expect(widget.wire.addresses.filter((address) => new URL(address).host !== new URL(standIn.url).host)).toEqual([]);
    await control.say("The end");
    await expect(widget.message("The end")).toBeVisible();
    await guard.expectClean();
    notDriven(unknown);
  });

  test(`@corpus host-api: what others say to the page is not for the messenger, under ${policy}`, async ({ widget, control, page, standIn, website }) => {
    const guard = await Guard.watch(page, website, standIn);
    await widget.chat("Hello", { headers: headersOf(policy, standIn) });
    const unknown = new Map<string, string>();
    for (const row of rowsOf("host-api", "postMessage")) {
      const found = inputOf(row, unknown);
      if (!found) continue;
      await page.evaluate(async ({ origin, data }: any) => {
        const from = origin === "self" ? location.origin : String(origin);
        dispatchEvent(new MessageEvent("message", { origin: from, data }));
        document.querySelector("guest-messenger")!.dispatchEvent(new MessageEvent("message", { origin: from, data }));
        const heard = new Promise((resolve) => addEventListener("message", resolve, { once: true }));
        postMessage(data, "*");
        await heard;
      }, found.input);
    }
    await widget.send("Still here");
    await widget.expectDelivered("Still here");
    expect(await control.texts()).toEqual(["Hello", "Still here"]);
    await expect(widget.host).toHaveCount(1);
    await guard.expectClean();
    notDriven(unknown);
  });
}

/** What the corpus writes as a call, as one of ours. Undefined for what the messenger does not have. */
function call(written: string): { code: string; times: number } | undefined {
  const [, name, given, twice] = /^(\w+)\((.*)\)( twice)?$/.exec(written) ?? [];
  if (!name) return undefined;
  const usual = 'GuestMessenger.mount({ deploymentId: "another" })';
  // What reads like a call and is a sentence.
  try {
    new Function(`x.${name}(${given})`);
  } catch {
    return undefined;
  }
  const code = /^(init|mount|create|boot|start)$/.test(name) ? usual : `GuestMessenger.messenger.${name}(${given})`;
  return { code, times: twice ? 2 : 1 };
}

test("@corpus host-api: a call that makes no sense is refused or does nothing, and the messenger works as ever", async ({ widget, control, page, standIn, website }) => {
  takeTime();
  const guard = await Guard.watch(page, website, standIn);
  const unknown = new Map<string, string>();
  const names = ["open", "close", "send", "signIn", "logout", "on", "metrics", "exportDiagnostics", "destroy", "init", "mount", "create", "boot", "start"];
  for (const { id, input, expect: expected } of rowsOf("host-api", "js-api")) {
    const found = typeof input === "string" ? call(input) : undefined;
    if (!found || !names.some((name) => String(input).startsWith(`${name}(`))) {
      unknown.set(id, `no call of ours is ${JSON.stringify(input)}`);
      continue;
    }
    await widget.chat(`Before ${id}`);
    const outcomes = await page.evaluate(async ({ code, times }) => {
      const outcomes: string[] = [];
      for (let time = 0; time < times; time++) {
        try {
          await (0, eval)(code);
          outcomes.push("done");
        } catch (error) {
          outcomes.push(String((error as { code?: unknown }).code));
        }
      }
      return outcomes;
    }, found);
    // What is no message is refused; other calls promise nothing about what makes no sense.
    if (/^reject/.test(expected) && String(input).startsWith("send(")) expect.soft(outcomes, `${id} ${expected}`).toEqual(outcomes.map(() => expect.stringMatching(/^(misuse|rejected)\//)));
    expect.soft(await widget.host.count(), `${id}: at most one messenger`).toBeLessThanOrEqual(1);
    if ((await widget.host.count()) === 1) {
      await control.say(`Said after ${id}`);
      await expect(widget.message(`Said after ${id}`)).toBeVisible();
      await widget.send(`After ${id}`);
      await widget.expectDelivered(`After ${id}`);
    }
    // Taken off first: it would write down again that there is a conversation.
    await page.evaluate(() => {
      window.GuestMessenger!.messenger!.destroy();
      sessionStorage.clear();
    });
  }
  await guard.expectClean();
  notDriven(unknown);
});
