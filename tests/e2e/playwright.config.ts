import { defineConfig } from "@playwright/test";
import { browserArguments, chromePath } from "./support/chrome.ts";

export default defineConfig({
  testDir: ".",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    // A size at which the panel is a panel and not the whole screen.
    viewport: { width: 1000, height: 760 },
    locale: "en-GB",
    // Where things are and what they look like does not depend on the moment.
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    launchOptions: { executablePath: chromePath(), args: browserArguments },
  },
});
