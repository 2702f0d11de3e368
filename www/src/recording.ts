// The flight recorder's memory. It lies here and not in the wasm, so that it outlives a trap: what is in it then is what
// led to it. `src/recorder/mod.rs` makes the items and says what they are; none holds anybody's words.

/** Of one engine's recording: some 700 messages, or a day of a quiet connection. */
export const recordingMax_bytes = 512 * 1024;

const half_bytes = recordingMax_bytes / 2;

/** The newest items of one engine's life. */
export class Recording {
  /** Dropped as a whole when the newer half is full. */
  #older: string[] = [];
  #newer: string[] = [];
  #newer_bytes = 0;
  #truncated = false;
  /** The engine ended in a trap. */
  died = false;

  /** An item is JSON in ASCII: each character is a byte. */
  readonly add = (item: string): void => {
    this.#newer_bytes += item.length + 2;
    if (this.#newer_bytes > half_bytes) {
      const fits = item.length + 2 <= half_bytes;
      this.#truncated ||= this.#older.length > 0 || !fits;
      this.#older = this.#newer;
      this.#newer = [];
      this.#newer_bytes = fits ? item.length + 2 : 0;
      if (!fits) return;
    }
    this.#newer.push(item);
    // One long string takes less room than many short ones.
    if (this.#newer.length > 63) this.#newer = [this.#newer.join(",\n")];
  };

  toString(): string {
    return `{"truncated":${this.#truncated},"died":${this.died},"items":[\n${[...this.#older, ...this.#newer].join(",\n")}\n]}`;
  }
}

/** What `exportDiagnostics()` answers: the format that `src/recorder/replay.rs` reads. */
export const diagnostics = (product: string, recordings: Recording[]): string =>
  `{"format":"guest-messenger-diagnostics","version":1,"product":"${product}","recordings":[${recordings}]}`;
