// The flight recorder's memory. It lies here, so that it outlives a trap: what is in it then is what led to it. The newest
// items are still in the wasm's memory, which can be read when nothing may be called any more (`src/browser/recording.rs`).
// `src/recorder/mod.rs` makes the items and says what they are; none holds anybody's words.

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
  #died = false;
  readonly #read: (place: number) => string;
  /** Where the newest items are; none while it is zero. */
  #place = 0;

  /** `read`: the text whose address and length stand at this place of the memory. */
  constructor(read: (place: number) => string) {
    this.#read = read;
  }

  /** Items are JSON in ASCII, with `,\n` between them: each character is a byte. A number is the place of the newest ones. */
  readonly take = (items: string | number): void => {
    if (typeof items === "number") this.#place = items;
    else this.#add(items);
  };

  /** The engine has ended in a trap, and its memory is about to go. */
  die(): void {
    const newest = this.#newest();
    this.#place = 0;
    if (newest) this.#add(newest);
    this.#died = true;
  }

  #newest(): string {
    return this.#place ? this.#read(this.#place) : "";
  }

  #add(item: string): void {
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
  }

  toString(): string {
    const newest = this.#newest();
    const items = [...this.#older, ...this.#newer, ...(newest ? [newest] : [])].join(",\n");
    return `{"truncated":${this.#truncated},"died":${this.#died},"items":[\n${items}\n]}`;
  }
}

/** What `exportDiagnostics()` answers: the format that `src/recorder/replay.rs` reads. */
export const diagnostics = (product: string, recordings: Recording[]): string =>
  `{"format":"guest-messenger-diagnostics","version":1,"product":"${product}","recordings":[${recordings}]}`;
