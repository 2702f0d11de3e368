// What must outlive a reload and must not lie open in the storage: unsent messages and the draft of this tab.
// Encrypted with a key that no script can read out; what is a day old is deleted.

const databaseName = "guest-messenger";
const storeName = "vault";
const keyName = "key";
const keptFor_ms = 24 * 3_600_000;
/** A copy of this tab has this long to say that it uses the place already. */
const answerWithin_ms = 100;

interface Entry {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
  savedAt_ms: number;
}

/** The place of one tab. Nothing is touched before the first `save`, or when `load` finds that there was one. */
export class Vault {
  readonly #tabName: string;
  readonly #prefix: string;
  readonly #channel: BroadcastChannel | undefined;
  #tab: string | undefined;
  #database: Promise<IDBDatabase> | undefined;
  /** One after the other, so that the last one saved is the one kept. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(deploymentId: string) {
    this.#prefix = `${deploymentId}:`;
    this.#tabName = `guest-messenger:${deploymentId}:tab`;
    this.#tab = attempt(() => sessionStorage.getItem(this.#tabName)) ?? undefined;
    this.#channel = attempt(() => new BroadcastChannel(`${this.#tabName}s`));
    this.#channel?.addEventListener("message", ({ data }) => {
      if (data === `? ${this.#tab}`) this.#channel?.postMessage(`! ${this.#tab}`);
    });
  }

  /** What was saved last, by an earlier life of this tab. Never rejects. */
  load(): Promise<string | undefined> {
    return this.#next(async () => {
      if (!this.#tab) return undefined;
      // A duplicated tab has a copy of the name; the place is the first one's.
      if (await this.#isTaken(this.#tab)) {
        this.#tab = undefined;
        return undefined;
      }
      const entry: Entry | undefined = await this.#do("readonly", (store) => store.get(this.#prefix + this.#tab));
      if (!entry || entry.savedAt_ms < Date.now() - keptFor_ms) return undefined;
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: entry.iv }, await this.#key(), entry.data);
      return new TextDecoder().decode(text);
    });
  }

  /** Replaces what was saved before; an empty text deletes it. Resolves to whether it is kept. */
  async save(text: string): Promise<boolean> {
    const isKept = await this.#next(async () => {
      if (!text && !this.#tab) return true;
      const place = this.#prefix + this.#name();
      if (text) {
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.#key(), new TextEncoder().encode(text));
        await this.#do("readwrite", (store) => store.put({ iv, data, savedAt_ms: Date.now() } satisfies Entry, place));
      } else {
        await this.#do("readwrite", (store) => store.delete(place));
        await this.#deleteOld();
      }
      return true;
    });
    return isKept ?? false;
  }

  /** Lets go of the place; what is saved stays. */
  close(): void {
    this.#channel?.close();
    this.#next(async () => (await this.#database)?.close());
  }

  #name(): string {
    this.#tab ??= crypto.randomUUID();
    // Written again when the storage has been emptied meanwhile.
    if (sessionStorage.getItem(this.#tabName) !== this.#tab) sessionStorage.setItem(this.#tabName, this.#tab);
    return this.#tab;
  }

  #isTaken(tab: string): Promise<boolean> {
    const channel = this.#channel;
    if (!channel) return Promise.resolve(false);
    return new Promise((resolve) => {
      channel.addEventListener("message", ({ data }) => data === `! ${tab}` && resolve(true));
      setTimeout(() => resolve(false), answerWithin_ms);
      channel.postMessage(`? ${tab}`);
    });
  }

  async #key(): Promise<CryptoKey> {
    const found: unknown = await this.#do("readonly", (store) => store.get(keyName));
    if (found instanceof CryptoKey) return found;
    if (found) await this.#do("readwrite", (store) => store.delete(keyName));
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Another tab may have been quicker: what is there then counts.
    await this.#do("readwrite", (store) => store.add(made, keyName)).catch(() => undefined);
    return (await this.#do<CryptoKey | undefined>("readonly", (store) => store.get(keyName))) ?? made;
  }

  /** Of all tabs and deployments: a tab that was killed deletes nothing itself. */
  async #deleteOld(): Promise<void> {
    const names: IDBValidKey[] = await this.#do("readonly", (store) => store.getAllKeys());
    for (const name of names.filter((name) => name !== keyName)) {
      const entry: Entry | undefined = await this.#do("readonly", (store) => store.get(name));
      if (entry && entry.savedAt_ms < Date.now() - keptFor_ms) await this.#do("readwrite", (store) => store.delete(name));
    }
  }

  async #do<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<T> {
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

  #next<T>(work: () => Promise<T>): Promise<T | undefined> {
    const done = this.#work.then(work).catch(() => {
      // Blocked or full: the next time it is opened anew.
      this.#database = undefined;
      return undefined;
    });
    this.#work = done;
    return done;
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
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
