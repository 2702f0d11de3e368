// The flight recorder's memory. It lies here and not in the wasm, so that it outlives a trap: what is in it then is what
// led to it. `src/recorder/mod.rs` makes the items and says what they are; none holds anybody's words.

/** Of one engine's recording: some 700 messages, or a day of a quiet connection. */
export const recordingMax_bytes = 512 * 1024;

/** The newest items of one engine's life. */
export class Recording {
  /** Dropped as a whole when the newer half is full. */
  #older = "";
  #newer = "";
  #truncated = false;
  /** The engine ended in a trap. */
  died = false;

  /** An item is JSON in ASCII: each character is a byte. */
  readonly add = (item: string): void => {
    const half = recordingMax_bytes / 2;
    if (this.#newer.length + item.length + 2 > half) {
      this.#truncated ||= this.#older !== "" || item.length + 2 > half;
      this.#older = this.#newer;
      this.#newer = "";
    }
    if (item.length + 2 <= half) this.#newer += `,\n${item}`;
  };

  toString(): string {
    return `{"truncated":${this.#truncated},"died":${this.died},"items":[${(this.#older + this.#newer).slice(1)}]}`;
  }
}

/** What `exportDiagnostics()` answers: the format that `src/recorder/replay.rs` reads. */
export const diagnostics = (product: string, recordings: Recording[]): string =>
  `{"format":"guest-messenger-diagnostics","version":1,"product":"${product}","recordings":[${recordings}]}`;
