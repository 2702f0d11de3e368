import { expect, test } from "./fixtures.ts";

const secrets: [string, Record<string, string>][] = [
  ["client-secret", { "client-secret": "s3cret-value" }],
  ["client_secret", { client_secret: "s3cret-value" }],
  ["oauth-client-secret", { "oauth-client-secret": "s3cret-value" }],
];

for (const [name, attributes] of secrets) {
  test(`a script tag with data-${name} is refused with the reason, shows nothing and asks nobody`, async ({ widget, website, page }) => {
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(website.publish({ attributes: { api: "conversations", ...attributes } }));
    await expect.poll(() => errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^guest-messenger: The option data-.+secret is refused, because every visitor can read .+ the option token/);
    expect(errors[0]).not.toContain("s3cret-value");
    await expect(widget.host).toHaveCount(0);
    expect(asked.filter((path) => !/^\/(dist\/.*)?$/.test(path))).toEqual([]);
  });
}

test("mount() with a client secret rejects with a typed error, and mounts nothing", async ({ widget, website, standIn, page }) => {
  await page.goto(website.publish({ script: `<script src="/dist/guest-messenger.js"></script>` }));
  const outcome = await page.evaluate(
    (endpoint) => window.GuestMessenger!.mount({ api: "conversations", endpoint, clientSecret: "s3cret-value" } as never).then(() => undefined, ({ code, message }) => ({ code, message })),
    standIn.url,
  );
  expect(outcome).toMatchObject({ code: "misuse/secret", message: expect.stringContaining("token") });
  expect(JSON.stringify(outcome)).not.toContain("s3cret-value");
  await expect(widget.host).toHaveCount(0);
});

test("options that do not fit together are refused in one sentence that names both", async ({ widget, website, page }) => {
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(website.publish({ attributes: { typing: "participants" } }));
  await expect.poll(() => errors).toHaveLength(1);
  expect(errors[0]).toMatch(/^guest-messenger: The options data-typing and data-api do not fit together: (?!.*\. ).+\.$/);
  await expect(widget.host).toHaveCount(0);
});
