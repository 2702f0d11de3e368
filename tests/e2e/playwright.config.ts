import { defineConfig } from "@playwright/test";
import { browserArguments, chromePath } from "./support/chrome.ts";

export default defineConfig({
  testDir: ".",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  // On a quiet machine, hardly a test takes twenty seconds or waits for anything for three; a busy one is given its time.
  timeout: 120_000,
  expect: {
    timeout: 30_000,
    // Letters are drawn a little differently elsewhere; a part that is missing, moved or of another colour is more than this.
    toHaveScreenshot: { pathTemplate: "{testDir}/../golden/pictures/{arg}{ext}", maxDiffPixelRatio: 0.02, animations: "disabled" },
    toMatchAriaSnapshot: { pathTemplate: "{testDir}/../golden/aria/{arg}{ext}" },
  },
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
