import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/** What the page writes to the console as errors, from now on. */
function consoleErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  return errors;
}

const wrongTags: [string, Record<string, string | undefined>, string][] = [
  ["without a deployment id", { "deployment-id": undefined }, "data-deployment-id"],
  ["with a deployment id that is none", { "deployment-id": "../../x" }, "data-deployment-id"],
  ["with a region that does not exist", { environment: "atlantis" }, "data-environment"],
  ["with an endpoint by ftp", { endpoint: "ftp://example.com/" }, "data-endpoint"],
  ["with a colour that is none", { "primary-color": "salmon" }, "data-primary-color"],
];

for (const [what, attributes, option] of wrongTags) {
  test(`a script tag ${what} is told in one sentence, and nothing is mounted`, async ({ widget, page }) => {
    const errors = consoleErrors(page);
    await page.addInitScript(() => {
      addEventListener("error", (event) => ((window as any)[Symbol.for("told")] = (event as unknown as CustomEvent).detail), { capture: true });
    });
    await widget.visit({ attributes });
    await expect.poll(() => errors).toHaveLength(1);
    const told = await page.evaluate(() => (window as any)[Symbol.for("told")]);
    expect(told, "by an event of the script tag").toMatchObject({ code: "misuse/option", message: errors[0]!.replace("guest-messenger: ", "") });
    expect(errors[0], "one sentence").toMatch(/^guest-messenger: The option (?!.*\. ).+\.$/);
    expect(errors[0]).toContain(option);
    await expect(widget.host).toHaveCount(0);
    expect(widget.wire.addresses).toEqual([]);
  });
}

test("an attribute that is no option is told, and the messenger works all the same", async ({ widget, control, page }) => {
  const errors = consoleErrors(page);
  await widget.chat("Hello", { attributes: { colour: "red" } });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain("data-colour");
  expect(await control.texts()).toEqual(["Hello"]);
});

test("mount() with a wrong option rejects with a misuse that names it, and can be called again", async ({ widget, website, standIn, page }) => {
  await page.goto(website.publish({ script: `<script src="/dist/guest-messenger.js"></script>` }));
  const outcomes = await page.evaluate(async (endpoint) => {
    const deploymentId = "7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c41d3";
    const tries: unknown[] = [{}, undefined, { deploymentId, endpoint: "ftp://x/" }, { deploymentId, environment: "atlantis" }, { deploymentId, colour: "red" }, { deploymentId, open: "yes" }, { deploymentId, endpoint }, { deploymentId, endpoint }];
    const outcomes: string[] = [];
    for (const options of tries) {
      outcomes.push(await window.GuestMessenger!.mount(options as never).then(() => "mounted", ({ code, message }) => `${code} ${message}`));
    }
    return outcomes;
  }, standIn.url);
  const expected = [/^misuse\/.*deploymentId/, /^misuse\/.*options/, /^misuse\/.*endpoint/, /^misuse\/.*environment/, /^misuse\/.*colour/, /^misuse\/.*open/, /^mounted$/, /^misuse\/.*destroy\(\)/];
  expect(outcomes).toHaveLength(expected.length);
  outcomes.forEach((outcome, at) => expect(outcome).toMatch(expected[at]!));
  await expect(widget.host).toHaveCount(1);
});

test("a deployment that the platform does not know is said to the visitor and to the page", async ({ widget, control }) => {
  await widget.visit({ attributes: { "deployment-id": "00000000-0000-4000-8000-000000000000" } });
  const errors = await widget.listen("error");
  await widget.open();
  await expect(widget.ended).toContainText("can’t connect");
  await expect(widget.startNew).toHaveText("Try again");
  await expect(widget.input).toBeDisabled();
  expect(await errors()).toMatchObject([{ code: "rejected/deployment" }]);
  expect(await control.conversations()).toEqual([]);
});

test("a deployment that is refused for a while can be tried again by the visitor", async ({ widget, control }) => {
  await control.fault({ kind: "http", route: "config", status: 404 });
  await widget.visit();
  await widget.open();
  await expect(widget.ended).toContainText("can’t connect");
  await widget.startNew.click();
  await expect(widget.input).toBeEnabled();
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
});

test("an engine that cannot be loaded is told, and pressing again loads it", async ({ widget, page }) => {
  const errors = consoleErrors(page);
  await widget.visit();
  const heard = await widget.listen("error");
  await page.route("**/*.wasm", (route) => route.abort(), { times: 1 });
  await widget.launcher.click();
  await expect.poll(heard).toMatchObject([{ code: "network/engine", retryable: true }]);
  expect(errors.filter((text) => text.startsWith("guest-messenger:"))).toHaveLength(1);
  await expect(widget.launcher).toHaveAttribute("aria-busy", "false");
  await widget.open();
});

test("what a page waits for is settled within 30 seconds, however long the network holds the engine back", async ({ widget, page }) => {
  await page.clock.install();
  for (const held of ["**/engine-*.js", "**/*.wasm"]) await page.route(held, () => undefined);
  await widget.visit();
  await page.evaluate(() => {
    const codes: string[] = ((window as any)[Symbol.for("codes")] = []);
    const { messenger } = window.GuestMessenger!;
    for (const promise of [messenger!.send("Hello"), messenger!.exportDiagnostics()]) {
      promise.then(() => codes.push("settled"), ({ code }) => codes.push(code));
    }
  });
  await page.clock.runFor(30_000);
  expect(await page.evaluate(() => (window as any)[Symbol.for("codes")])).toEqual(["network/engine", "network/engine"]);
});
