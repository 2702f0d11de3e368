// `npm run engines [-- --only firefox,webkit] [--pictures FOLDER]`: the messenger in the engines that `npm test` has not, as far as
// their drivers are on this machine: a conversation with the stand-in, and every state of the gallery.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Stop, findOnPath, flag, main, progress } from "../../www/scripts/command.mjs";
import { build } from "../../www/scripts/build.mjs";
import { buildSandbox, startSandbox } from "../../www/scripts/sandbox.mjs";
import { setUpBuild } from "../../www/scripts/setup.mjs";
import { states } from "./states.mjs";
import { talk } from "./talk.mjs";
import { Browser } from "./webdriver.mjs";

const miniBrowser = () => folders(/^webkit(2gtk|gtk)-/).map((folder) => join(folder, "MiniBrowser")).at(-1);

/** What starts each, where it is there. */
const engines = {
  firefox: () => {
    const program = process.env.GECKODRIVER ?? findOnPath("geckodriver");
    return program && { program, capabilities: { browserName: "firefox", "moz:firefoxOptions": { args: ["-headless"] } } };
  },
  webkit: () => {
    const program = process.env.WEBKITDRIVER ?? findOnPath("WebKitWebDriver");
    const options = { binary: process.env.MINIBROWSER ?? miniBrowser(), args: ["--automation"] };
    // It does without the sandbox around the page and without a graphics card, as a container has neither.
    const env = { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", WEBKIT_DISABLE_DMABUF_RENDERER: "1" };
    return program && { program, capabilities: { browserName: "MiniBrowser", "webkitgtk:browserOptions": options }, env };
  },
  safari: () => {
    const program = process.platform === "darwin" && findOnPath("safaridriver");
    return program && { program, capabilities: { browserName: "safari" } };
  },
};

await main(async () => {
  const only = flag("only")?.split(",") ?? Object.keys(engines);
  const unknown = only.find((name) => !(name in engines));
  if (unknown !== undefined) throw new Stop(`There is no engine "${unknown}": the engines are ${Object.keys(engines).join(", ")}.`);
  const found = only.map((name) => [name, engines[name]()]).filter(([, engine]) => engine);
  if (found.length === 0) throw new Stop("No driver of these engines is on this machine: CONTRIBUTING.md says which there are.");
  await setUpBuild();
  await build();
  await buildSandbox();
  const counts = { passed: 0, failed: 0 };
  const check = async (what, test) => {
    const failure = await test().then(() => undefined, (error) => error);
    counts[failure ? "failed" : "passed"]++;
    console.log(failure ? `  ✘ ${what}: ${failure.message}` : `  ✓ ${what}`);
  };
  await withStandIn(async (addresses) => {
    for (const [name, engine] of found) {
      progress(`The messenger in ${name}`);
      const browser = await Browser.start(engine);
      console.log(browser.name);
      try {
        await talk(browser, addresses, check);
        await states(browser, addresses, check, keep(name));
      } finally {
        await browser.end();
      }
    }
  });
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  if (counts.failed > 0) process.exitCode = 1;
});

async function withStandIn(work) {
  const directory = mkdtempSync(join(tmpdir(), "guest-messenger-engines-"));
  const flags = ["--port", "0", "--demo", "www/demo", "--dist", "dist", "--state", join(directory, "state"), "--no-bot", "--json"];
  const { child, exited } = startSandbox(flags, { stdout: "pipe" });
  try {
    const addresses = await new Promise((ready, failed) => {
      void exited.then(() => failed(new Stop("The stand-in did not start.")));
      createInterface({ input: child.stdout }).on("line", (line) => line.startsWith("{") && ready(JSON.parse(line)));
    });
    await work(addresses);
  } finally {
    child.kill();
    await exited;
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Keeps pictures where somebody wants to see them. */
function keep(engine) {
  const folder = flag("pictures");
  if (!folder) return undefined;
  mkdirSync(folder, { recursive: true });
  return (name, picture) => writeFileSync(join(folder, `${engine}-${name}.png`), picture);
}

function folders(pattern) {
  const libraries = ["/usr/lib", "/usr/libexec", `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`];
  const names = (folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  };
  return libraries.flatMap((library) => names(library).filter((name) => pattern.test(name)).map((name) => join(library, name)));
}
