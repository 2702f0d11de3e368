// The corpus's structured content: each row in the place that it is written for, and what may become of it there.
import { type Json, type Widget, expect, test } from "./fixtures.ts";
import { type Row, notDriven, rowsOf, takeTime, written } from "./support/corpus.ts";
import { Guard, headersOf, policies, strangeElements } from "./support/guard.ts";
import { bodyWith } from "./support/structured.ts";

/** Of what is repeated: the messenger takes no frame of more than 256 KiB, and what is not taken shows nothing. */
const largest_bytes = 60_000;

/** What became of a row on the screen. */
interface Shown {
  texts: string[];
  links: string[];
  images: { src: string; referrer: string }[];
  players: string[];
  /** The names of what can be pressed. */
  buttons: string[];
  /** How many things there are of the kind that is there most often. */
  most: number;
  sender: string;
  /** Texts that do not keep their direction to themselves. */
  leaking: string[];
}

function look(widget: Widget, id: string): Promise<Shown | undefined> {
  return widget.host.evaluate((host, id) => {
    const row = [...host.shadowRoot!.querySelectorAll("[part=message]")].find((row) => row.querySelector("[part=bubble]")?.textContent === id);
    if (!row) return undefined;
    const all = <T extends Element>(selector: string) => [...row.querySelectorAll<T>(selector)];
    const counts = ["quick-reply", "card", "offer", "attachment", "offer-group", "offer-choice"].map((part) => all(`[part=${part}]`).length);
    const choices = all("input").length;
    const leaves = all("*").filter((element) => element.childElementCount === 0 && element.textContent);
    return {
      texts: leaves.map((leaf) => leaf.textContent!),
      links: all<HTMLAnchorElement>("a").map(({ href }) => href),
      images: all<HTMLImageElement>("img").map(({ src, referrerPolicy }) => ({ src, referrer: referrerPolicy })),
      players: all("video, audio, iframe, object, embed").map(({ tagName }) => tagName),
      buttons: all("button, a").map((button) => button.ariaLabel ?? button.textContent ?? ""),
      most: Math.max(choices, ...counts),
      sender: row.querySelector("[part=sender]")?.textContent ?? "",
      leaking: leaves.filter((leaf) => /[\u202a-\u202e\u2066-\u2069]/.test(leaf.textContent!) && !leaf.closest("[dir=auto], bdi")).map(({ outerHTML }) => outerHTML),
    };
  }, id);
}

/** What a person sees of a text: no spaces of whatever kind beside the plain one, and nothing invisible. */
const seen = (text: string) => text.replace(/[\p{Cf}\p{Cc}]/gu, "").replace(/\s+/gu, " ").trim();

/** Whether what is shown is what the row's keyword allows. */
function judge({ id, surface, input, expect: expected }: Row, shown: Shown, own: string): void {
  const nameless = shown.buttons.filter((name) => !seen(name));
  expect.soft(nameless, `${id}: what can be pressed has a name`).toEqual([]);
  expect.soft(seen(shown.sender), `${id}: somebody has said it`).not.toBe("");
  expect.soft(shown.leaking, `${id}: directions`).toEqual([]);
  const pictures = shown.images.filter(({ src, referrer }) => referrer !== "no-referrer" || !(src.startsWith("https:") || src.startsWith(own)));
  expect.soft(pictures, `${id}: pictures`).toEqual([]);
  switch (/^[\w-]+/.exec(expected)?.[0]) {
    case "text":
      // A payload is not shown; of a file's name, what is after the last separator.
      if (typeof input === "string" && !surface.endsWith("payload")) {
        const visible = seen(surface.endsWith("filename") ? input.split(/[\\/]/).at(-1)! : input);
        expect.soft(shown.texts.map(seen).join("\n"), `${id}: letter by letter`).toContain(visible);
      }
      break;
    case "name-collision-marked":
      // In the browser's language, which is English, the visitor is "You".
      return expect.soft(seen(shown.sender).toLowerCase(), `${id}: somebody else than the visitor`).not.toBe("you");
    case "no-link":
      return expect.soft(shown.links, id).toEqual([]);
    case "no-image":
      return expect.soft(shown.images, id).toEqual([]);
    case "image-policy":
      return expect.soft(shown.images.filter(({ src }) => !src.startsWith(own)), id).toEqual([]);
    case "download-only":
      expect.soft(shown.images, id).toEqual([]);
      return expect.soft(shown.players, id).toEqual([]);
    case "clamp": {
      const most = /^clamp: ?(\d+)/.exec(expected)?.[1];
      if (most && surface.endsWith("[]")) expect.soft(shown.most, id).toBeLessThanOrEqual(Number(most));
      if (most && surface.endsWith("nickname")) expect.soft([...shown.sender].length, id).toBeLessThanOrEqual(Number(most));
    }
  }
}

/** As much of a list or an object as one frame may hold. */
function fitting(value: unknown): unknown {
  if (typeof value === "string") return value.slice(0, largest_bytes);
  const size_bytes = JSON.stringify(value)?.length ?? 0;
  if (size_bytes <= largest_bytes || typeof value !== "object" || value === null) return value;
  const share = Math.floor((Object.keys(value).length * largest_bytes) / size_bytes);
  return Array.isArray(value) ? value.slice(0, share) : Object.fromEntries(Object.entries(value).slice(0, share));
}

for (const policy of policies) {
  test(`@corpus structured: each row in its own place becomes what it may become, under ${policy}`, async ({ widget, control, page, standIn, website }) => {
    takeTime();
    const guard = await Guard.watch(page, website, standIn);
    await widget.chat("Hello", { headers: headersOf(policy, standIn) });
    const unknown = new Map<string, string>();
    for (const row of rowsOf("structured")) {
      const { id, surface } = row;
      let value: unknown;
      try {
        value = written(row.input);
      } catch (error) {
        unknown.set(id, (error as Error).message);
        continue;
      }
      await control.say({ raw_body: bodyWith(surface, fitting(value), id) });
      await control.say(`After ${id}`);
      await expect.poll(() => widget.message(`After ${id}`).count(), { message: id, intervals: [20] }).toBe(1);
      await expect(widget.host.locator("[part=offer][aria-busy], [part=attachment][aria-busy]")).toHaveCount(0);
      await widget.part("offer-more").evaluateAll((buttons) => buttons.forEach((button) => (button as HTMLElement).click()));
      const shown = await look(widget, id);
      if (bodyWith(surface, value, id)["type"] !== "Event") expect.soft(shown, `${id} is shown`).toBeDefined();
      if (shown) judge(row, shown, standIn.url);
      // As it is, however large.
      await control.frame({ type: "message", class: "StructuredMessage", code: 200, body: { ...bodyWith(surface, value, `${id}, whole`), id: `${id}-whole`, direction: "Outbound" } });
    }
    expect.soft(await strangeElements(widget)).toEqual([]);
    await page.reload();
    await widget.send("Still here");
    await widget.expectDelivered("Still here");
    expect.soft(await strangeElements(widget)).toEqual([]);
    await guard.expectClean();
    notDriven(unknown);
  });
}

test("@corpus structured: what a button stands for goes back to the platform letter by letter", async ({ widget, control }) => {
  await widget.chat("Hello");
  for (const { id, surface, input } of rowsOf("structured").filter(({ surface, input }) => surface.endsWith("payload") && typeof input === "string" && input)) {
    await control.say({ raw_body: bodyWith(surface, input, id) });
    const button = widget.messages.filter({ has: page(widget, id) }).locator("[part=quick-reply], [part=card-action]").first();
    await button.click();
    const sent = () => widget.wire.messages("Structured").at(-1)?.["message"] as Json | undefined;
    const payloads = () => ((sent()?.["content"] ?? []) as any[]).map((item) => item.buttonResponse?.payload);
    // A zero has no business in a text, and is left out.
    await expect.poll(payloads, id).toEqual([(input as string).replaceAll("\0", "")]);
    await expect(widget.messages.last()).toHaveAttribute("data-delivery", "sent");
  }
});

const page = (widget: Widget, text: string) => widget.page.locator(`[part=bubble]:text-is(${JSON.stringify(text)})`);
