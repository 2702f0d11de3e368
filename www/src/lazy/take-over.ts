// Takes over what tabs that are gone have not sent. No view: fetched when another tab has left something.
import { type Kept, type Left, type Vault, joined } from "../vault.ts";

/** A tab that does not answer for so long is gone, or stands still: then it asks before it sends (`SURE_MS` in Rust). */
const goneAfter_ms = 1_500;
/** Of the texts, as in `src/stored/vault.rs`. */
const version = 1;

/** Beside the place of a tab, under a message's id: another one has taken it over. */
interface Taken {
  savedAt_ms: number;
}

/** The texts of those whose tabs are gone, as one. */
export async function takeOver(vault: Vault, left: Left[]): Promise<string | undefined> {
  const isGone = await Promise.all(left.map(async ({ name }) => !(await vault.isInUse(vault.tabOf(name), goneAfter_ms))));
  return vault.next(async () => {
    const texts: string[] = [];
    for (const one of left.filter((_, at) => isGone[at])) {
      const text = await takeOne(vault, one).catch(() => undefined);
      if (text) texts.push(text);
    }
    return texts.length > 0 ? joined(texts) : undefined;
  });
}

/** All at once or not at all: not when the tab has saved something since, or another one was quicker. */
async function takeOne(vault: Vault, { name, entry }: Left): Promise<string | undefined> {
  const kept: Kept = JSON.parse(await vault.decrypt(entry));
  if (kept.v !== version) return undefined;
  const unsent = kept.unsent.filter(({ failed }) => !failed);
  const text = JSON.stringify({ v: version, unsent });
  const own = vault.prefix + vault.name();
  const mine = `${own}+${crypto.randomUUID()}`;
  const moved = await vault.encrypt(text, entry.savedAt_ms);
  const rest = await vault.encrypt(JSON.stringify({ ...kept, unsent: kept.unsent.filter(({ failed }) => failed) }), entry.savedAt_ms);
  let isMine = false;
  await vault.do("readwrite", (store) => {
    const found = store.get(name);
    found.onsuccess = () => {
      isMine = String(found.result?.iv) === String(entry.iv);
      if (!isMine) return;
      for (const { id } of unsent) {
        store.put({ savedAt_ms: Date.now() } satisfies Taken, `${vault.prefix}${vault.tabOf(name)}/${id}`);
        // It may have been this one's before.
        store.delete(`${own}/${id}`);
      }
      store.put(rest, name);
      store.put(moved, mine);
    };
    return found;
  });
  if (!isMine) return undefined;
  vault.adopted = [...vault.adopted, mine];
  return text;
}
