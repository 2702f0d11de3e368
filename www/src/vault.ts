// What must outlive a reload and must not lie open in the storage: unsent messages and the draft of this tab.
// Encrypted with a key that no script can read out; what is a day old is deleted.

import type * as TakeOver from "./lazy/take-over.ts";

const databaseName = "guest-messenger";
const storeName = "vault";
const keyName = "key";
const keptFor_ms = 24 * 3_600_000;
/** A copy of this tab has this long to say that it uses the place already. */
const answerWithin_ms = 100;
/** What was saved less than this ago may just have been sent, and its echo still be on the way. */
const young_ms = 15_000;
export interface Entry {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
  savedAt_ms: number;
  /** The conversation for which something in it waits to be sent. */
  of?: number;
}

/** What a tab may have left behind, and under which name. */
export interface Left {
  name: string;
  entry: Entry;
}

/** What a text says that matters here. */
export interface Kept {
  v: number;
  unsent: { id: string; failed: boolean; of: number | null }[];
}

/** Whether it is kept; or the ids of messages that another tab has taken over, between spaces, and then it is not. */
export type Saved = boolean | string;

/**
 * The place of one tab. Nothing is touched before the first `save`, or when `load` finds that there was one. What is not
 * private is for take-over.ts too.
 */
export class Vault {
  readonly #tabName: string;
  readonly #fetchTakeOver: () => Promise<typeof TakeOver>;
  readonly prefix: string;
  readonly #channel: BroadcastChannel | undefined;
  #tab: string | undefined;
  #database: Promise<IDBDatabase> | undefined;
  /** One after the other, so that the last one saved is the one kept. */
  #work: Promise<unknown> = Promise.resolve();
  /** Other places of this tab, for what it has taken over: what is saved from now on holds that too. */
  adopted: string[] = [];
  #saves = 0;
  /** Those up to here did not know that something was taken over. */
  #refused = 0;
  #taken = "";

  constructor(deploymentId: string, fetchTakeOver: () => Promise<typeof TakeOver>) {
    this.#fetchTakeOver = fetchTakeOver;
    this.prefix = `${deploymentId}:`;
    this.#tabName = `guest-messenger:${deploymentId}:tab`;
    this.#tab = attempt(() => sessionStorage.getItem(this.#tabName)) ?? undefined;
    this.#channel = attempt(() => new BroadcastChannel(`${this.#tabName}s`));
    this.#channel?.addEventListener("message", ({ data }) => {
      if (data === `? ${this.#tab}`) this.#channel?.postMessage(`! ${this.#tab}`);
    });
  }

  /** What was saved last, by an earlier life of this tab. Never rejects. */
  load(): Promise<string | undefined> {
    return this.next(async () => {
      if (!this.#tab) return undefined;
      // A duplicated tab has a copy of the name; the place is the first one's.
      if (await this.isInUse(this.#tab, answerWithin_ms)) {
        this.#tab = undefined;
        return undefined;
      }
      const place = this.prefix + this.#tab;
      // What was taken over from the page before is nothing to this one.
      await this.do("readwrite", (store) => store.delete(takenFrom(place)));
      this.adopted = (await this.#names()).filter((name) => name.startsWith(`${place}+`));
      const texts: string[] = [];
      for (const name of [place, ...this.adopted]) {
        const entry = await this.#entry(name);
        const text = entry && (await this.decrypt(entry).catch(() => undefined));
        if (text) texts.push(text);
      }
      return texts.length > 1 ? joined(texts) : texts[0];
    });
  }

  /** Replaces what was saved before; an empty text deletes it. Never rejects. */
  async save(text: string): Promise<Saved> {
    const number = ++this.#saves;
    const adopted = this.adopted;
    const saved = await this.next(async () => {
      if (number <= this.#refused) return this.#taken;
      if (!text && !this.#tab) return true;
      const place = this.prefix + this.name();
      const entry = text && (await this.encrypt(text, Date.now()));
      const taken = await this.do<string[]>("readwrite", (store) => {
        const asking = store.getAllKeys(takenFrom(place));
        asking.onsuccess = () => {
          if (asking.result.length > 0) return store.delete(takenFrom(place));
          for (const name of adopted) store.delete(name);
          return entry ? store.put(entry, place) : store.delete(place);
        };
        return asking;
      });
      if (taken.length > 0) {
        this.#refused = this.#saves;
        return (this.#taken = taken.map((name) => name.slice(place.length + 1)).join(" "));
      }
      this.adopted = this.adopted.filter((name) => !adopted.includes(name));
      if (!text) await this.#deleteOld();
      return true;
    });
    return saved ?? false;
  }

  /** Takes over what tabs that are gone had not sent in this conversation; their drafts stay theirs. Never rejects. */
  async adopt(conversation: number): Promise<string | undefined> {
    // Without a channel a tab that lives could not say so.
    if (!this.#channel) return undefined;
    const left = await this.next(() => this.#leftBehind(conversation));
    return left?.length ? this.#fetchTakeOver().then(({ takeOver }) => takeOver(this, left), () => undefined) : undefined;
  }

  /** Lets go of the place; what is saved stays. */
  close(): void {
    this.#channel?.close();
    this.next(async () => (await this.#database)?.close());
  }

  name(): string {
    this.#tab ??= crypto.randomUUID();
    // Written again when the storage has been emptied meanwhile.
    if (sessionStorage.getItem(this.#tabName) !== this.#tab) sessionStorage.setItem(this.#tabName, this.#tab);
    return this.#tab;
  }

  isInUse(tab: string, within_ms: number): Promise<boolean> {
    const channel = this.#channel;
    if (!channel) return Promise.resolve(false);
    return new Promise((resolve) => {
      const hear = ({ data }: MessageEvent) => data === `! ${tab}` && resolve(true);
      channel.addEventListener("message", hear);
      setTimeout(() => {
        channel.removeEventListener("message", hear);
        resolve(false);
      }, within_ms);
      channel.postMessage(`? ${tab}`);
    });
  }

  async #leftBehind(conversation: number): Promise<Left[]> {
    // What is not there is not made for this.
    await (this.#database ??= open(false));
    const left: Left[] = [];
    for (const name of await this.#names()) {
      const entry = this.tabOf(name) === this.#tab ? undefined : await this.#entry(name);
      if (entry?.of === conversation && entry.savedAt_ms < Date.now() - young_ms) left.push({ name, entry });
    }
    return left;
  }

  tabOf(name: string): string {
    return name.slice(this.prefix.length).replace(/[+/].*/, "");
  }

  /** Of this deployment. */
  async #names(): Promise<string[]> {
    const names: IDBValidKey[] = await this.do("readonly", (store) => store.getAllKeys());
    return names.filter((name) => typeof name === "string").filter((name) => name.startsWith(this.prefix));
  }

  async #entry(name: string): Promise<Entry | undefined> {
    const entry: Entry | undefined = await this.do("readonly", (store) => store.get(name));
    return entry && entry.savedAt_ms >= Date.now() - keptFor_ms ? entry : undefined;
  }

  async encrypt(text: string, savedAt_ms: number): Promise<Entry> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.#key(), new TextEncoder().encode(text));
    const { unsent }: Kept = JSON.parse(text);
    const of = unsent.find(({ failed }) => !failed)?.of;
    return of ? { iv, data, savedAt_ms, of } : { iv, data, savedAt_ms };
  }

  async decrypt({ iv, data }: Entry): Promise<string> {
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await this.#key(), data));
  }

  async #key(): Promise<CryptoKey> {
    const found: unknown = await this.do("readonly", (store) => store.get(keyName));
    if (found instanceof CryptoKey) return found;
    if (found) await this.do("readwrite", (store) => store.delete(keyName));
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Another tab may have been quicker: what is there then counts.
    await this.do("readwrite", (store) => store.add(made, keyName)).catch(() => undefined);
    return (await this.do<CryptoKey | undefined>("readonly", (store) => store.get(keyName))) ?? made;
  }

  /** Of all tabs and deployments: a tab that was killed deletes nothing itself. */
  async #deleteOld(): Promise<void> {
    const names: IDBValidKey[] = await this.do("readonly", (store) => store.getAllKeys());
    for (const name of names.filter((name) => name !== keyName)) {
      const entry: Entry | undefined = await this.do("readonly", (store) => store.get(name));
      if (entry && entry.savedAt_ms < Date.now() - keptFor_ms) await this.do("readwrite", (store) => store.delete(name));
    }
  }

  async do<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<T> {
    const begin = async () => (await (this.#database ??= open())).transaction(storeName, mode);
    const transaction = await begin().catch(() => {
      // Deleted under our feet, and perhaps there again.
      this.#database = undefined;
      return begin();
    });
    return new Promise((resolve, reject) => {
      const request = ask(transaction.objectStore(storeName));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  next<T>(work: () => Promise<T>): Promise<T | undefined> {
    const done = this.#work.then(work).catch(() => {
      // Blocked or full: the next time it is opened anew.
      this.#database = undefined;
      return undefined;
    });
    this.#work = done;
    return done;
  }
}

/** The names under which is said what was taken over from there. */
const takenFrom = (place: string) => IDBKeyRange.bound(`${place}/`, `${place}0`, false, true);

/** The messages of all of them, and what else the first one holds. */
export function joined(texts: string[]): string {
  const all: Kept[] = texts.map((text) => JSON.parse(text));
  return JSON.stringify({ ...all[0], unsent: all.flatMap(({ unsent }) => unsent) });
}

function open(mayMake = true): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => (mayMake ? request.result.createObjectStore(storeName) : request.transaction?.abort());
    request.onsuccess = () => {
      // A newer version in another tab must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onblocked = request.onerror = () => reject(request.error);
  });
}

/** Storage and channels throw where the page is sandboxed. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
