import { expect, test } from "./fixtures.ts";
import { textRows } from "./support/corpus.ts";

for (const { id, input } of textRows("host-page", "page-html")) {
  test(`@corpus ${id}: on a hostile page the messenger connects, or says why it does not`, async ({ widget, control, page }) => {
    const complaints: string[] = [];
    page.on("console", (message) => message.text().startsWith("guest-messenger: ") && complaints.push(message.text()));
    await widget.visit({ attributes: { open: "" }, body: `<main>${input}</main>` });
    const outcome = async () => {
      const isConnected = (await control.conversations()).length > 0;
      // Some pages take the script away before it can run.
      const hasRun = await page.evaluate('Object.hasOwn(window, "GuestMessenger")');
      return !hasRun || isConnected || complaints.length > 0;
    };
    await expect.poll(outcome).toBe(true);
    expect(complaints.length, "complaints").toBeLessThanOrEqual(1);
  });
}
