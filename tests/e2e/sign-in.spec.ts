import type { Page } from "@playwright/test";
import type { Website, Widget } from "./fixtures.ts";
import { expect, test } from "./fixtures.ts";
import { type StandIn, deploymentId } from "./support/stand-in.ts";

/** Mounts the messenger as a module, for a page that knows its visitor by `window.visitor`. */
async function mount(page: Page, website: Website, standIn: StandIn, visitor: string | null): Promise<void> {
  await page.evaluate(
    async ([module, deploymentId, endpoint, visitor]) => {
      const site = window as any;
      site.visitor = visitor;
      site.asked = 0;
      const { mount } = await import(module!);
      site.messenger = await mount({
        deploymentId,
        endpoint,
        auth: async () => {
          site.asked++;
          return site.visitor && { code: site.visitor, redirectUri: `${location.origin}/callback` };
        },
      });
    },
    [`${website.url}/dist/guest-messenger.mjs`, deploymentId, standIn.url, visitor],
  );
}

const asked = (page: Page) => page.evaluate(() => (window as any).asked);

const actions = (widget: Widget) => widget.wire.sent.map(({ action }) => action).filter((action) => /^configure/.test(String(action)));

test("a visitor whom the page knows is signed in from the first word, also after a reload, and can log out", async ({ widget, website, standIn, control, page }) => {
  const printed: string[] = [];
  page.on("console", (message) => printed.push(message.text()));
  await page.goto(website.publish({ script: "" }));
  await mount(page, website, standIn, "ada");
  const authenticated = await widget.listen("authenticated");
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  expect(actions(widget)).toEqual(["configureAuthenticatedSession"]);
  const { id, guest_name, messages } = await control.conversation();
  expect(guest_name).toBe("ada");
  expect(messages).toHaveLength(1);
  expect(await authenticated()).toEqual([{}]);

  const jwt = (widget.wire.sent.find(({ action }) => action === "configureAuthenticatedSession") as any).data.code;
  expect(jwt).toMatch(/^eyJ/);
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.documentElement.outerHTML + document.querySelector("guest-messenger")!.shadowRoot!.innerHTML);
  for (const place of [kept, ...printed]) expect(place).not.toContain(jwt);

  await page.reload();
  await mount(page, website, standIn, "ada");
  await widget.expectTexts(["Hello"]);
  await widget.send("Me again");
  await widget.expectDelivered("Me again");
  expect(await control.conversations()).toMatchObject([{ id }]);

  const ended = await widget.listen("ended");
  await page.evaluate(() => {
    (window as any).visitor = null;
    (window as any).messenger.logout();
  });
  await expect(widget.ended).toContainText("You have signed out.");
  await expect(widget.part("bubble")).toHaveCount(0);
  expect(await ended()).toMatchObject([{ reason: "logged_out" }]);
  expect(await widget.mark()).toBeNull();
  await widget.startNew.click();
  await widget.send("As a stranger");
  await widget.expectDelivered("As a stranger");
  expect(await control.texts("guest")).toEqual(["As a stranger"]);
});

test("a stranger who signs in takes the conversation along", async ({ widget, website, standIn, control, page }) => {
  await page.goto(website.publish({ script: "" }));
  await mount(page, website, standIn, null);
  await widget.open();
  await widget.send("Before");
  await widget.expectDelivered("Before");
  expect(actions(widget)).toEqual(["configureSession"]);
  const authenticated = await widget.listen("authenticated");
  await page.evaluate(() => {
    (window as any).visitor = "grace";
    (window as any).messenger.signIn();
  });
  await expect.poll(authenticated).toEqual([{}]);
  await widget.send("After");
  await widget.expectDelivered("After");
  await widget.expectTexts(["Before", "After"]);
  expect(actions(widget)).toEqual(["configureSession", "configureAuthenticatedSession"]);
  expect(widget.wire.addresses, "on the same line").toHaveLength(1);
  const [conversation, ...others] = await control.conversations();
  expect(others).toEqual([]);
  expect(conversation!.guest_name).toBe("grace");
  expect(await asked(page)).toBe(2);
});

test("credentials that have run out are renewed without the page", async ({ widget, website, standIn, control, page }) => {
  await control.set({ auth_life_s: 1 });
  await page.goto(website.publish({ script: "" }));
  await mount(page, website, standIn, "ada-renews");
  await widget.open();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  const configuredAt = Date.now();
  await expect.poll(() => Date.now() - configuredAt, "until they have").toBeGreaterThan(1_100);
  await control.fault({ kind: "kill" });
  await widget.send("Still me");
  await widget.expectDelivered("Still me");
  expect(actions(widget)).toEqual(Array(3).fill("configureAuthenticatedSession"));
  expect(await asked(page)).toBe(1);
});
