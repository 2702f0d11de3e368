// The flight recorder's memory. It lies here and not in the wasm, so that it outlives a trap: what is in it then is what
// led to it. `src/recorder/mod.rs` makes the items and says what they are; none holds anybody's words.

/** Of one engine's recording, in bytes: some 900 messages, or a day and a half of a quiet connection. */
export const recordingMax_bytes = 512 * 1024;

/** The newest items of one engine's life. */
export class Recording {
  /** Dropped together when the newer half is full. */
  #older: string[] = [];
  #newer: string[] = [];
  #newerBytes = 0;
  #isTruncated = false;
  /** The engine ended in a trap. */
  hasDied = false;

  /** Items are JSON in ASCII: a character is a byte. */
  readonly add = (item: string): void => {
    if (this.#newerBytes + item.length > recordingMax_bytes / 2) {
      this.#isTruncated ||= this.#older.length > 0 || item.length > recordingMax_bytes / 2;
      this.#older = this.#newer;
      this.#newer = [];
      this.#newerBytes = 0;
    }
    if (item.length > recordingMax_bytes / 2) return;
    this.#newer.push(item);
    this.#newerBytes += item.length;
  };

  toString(): string {
    const items = [...this.#older, ...this.#newer].join(",\n");
    return `{"truncated":${this.#isTruncated},"died":${this.hasDied},"items":[\n${items}\n]}`;
  }
}

/** What `exportDiagnostics()` answers: the format that `src/recorder/replay.rs` reads. */
export function diagnostics(product: string, recordings: Recording[]): string {
  return `{"format":"guest-messenger-diagnostics","version":1,"product":"${product}","recordings":[${recordings.join(",\n")}]}\n`;
}
