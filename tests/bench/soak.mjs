// The soak at full length: 10,000 messages and 200 broken lines in a browser, and as many messages again after clearing.
// `npm run soak -- --messages N --reconnects N`. Prints a table; ends with code 1 when something grows that should not.
import { join } from "node:path";
import { Stop, environment, flag, main, mustRun, progress, root } from "../../www/scripts/command.mjs";
import { build } from "../../www/scripts/build.mjs";
import { buildSandbox } from "../../www/scripts/sandbox.mjs";
import { setUpTests } from "../../www/scripts/setup.mjs";

await main(async () => {
  const [messages, reconnects] = [wholeNumber("messages", 10_000), wholeNumber("reconnects", 200)];
  if (reconnects % 5 || messages % (5 * reconnects)) throw new Stop("Give reconnects in fives, and messages as a multiple of five times the reconnects.");
  const { chrome } = await setUpTests();
  await build();
  await buildSandbox();
  progress(`Soaking with ${messages} messages and ${reconnects} reconnects`);
  await mustRun(
    join(root, "node_modules", ".bin", "playwright"),
    ["test", "-c", "tests/e2e/playwright.config.ts", "soak.spec.ts"],
    "SOAK over: the lines above say what grew.",
    { env: { ...environment, CHROME: chrome, SOAK_MESSAGES: String(messages), SOAK_RECONNECTS: String(reconnects) } },
  );
  console.log("SOAK ok");
});

function wholeNumber(name, usual) {
  const number = Number(flag(name) ?? usual);
  if (!Number.isInteger(number) || number < 5) throw new Stop(`--${name} wants a whole number from 5 on.`);
  return number;
}
