// Files for journeys, and the places where the messenger shows them.
import { type Locator, type Page, expect } from "@playwright/test";
import type { Widget } from "./widget.ts";

export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A picture of one colour, as browsers draw it. */
export async function picture(page: Page, name: string, colour = "#2f6b4f", width = 320, height = 200): Promise<TestFile> {
  const base64 = await page.evaluate(
    ([colour, width, height]) => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const pen = canvas.getContext("2d")!;
      pen.fillStyle = colour;
      pen.fillRect(0, 0, width, height);
      pen.fillStyle = "#fff8";
      pen.arc(width / 2, height / 2, height / 4, 0, 7);
      pen.fill();
      return canvas.toDataURL("image/png").split(",")[1]!;
    },
    [colour, width, height] as const,
  );
  return { name, mimeType: "image/png", buffer: Buffer.from(base64, "base64") };
}

export const textFile = (name: string, text = "Some text."): TestFile => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

export const largeFile = (name: string, size_bytes = 4_000_000): TestFile => ({ name, mimeType: "text/plain", buffer: Buffer.alloc(size_bytes, "a") });

/** Lets the page's uploads take their time. Returns what ends that. */
export async function slowUploads(page: Page, bytesPerSecond: number): Promise<() => Promise<void>> {
  const browser = await page.context().newCDPSession(page);
  const set = (uploadThroughput: number) => browser.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  await set(bytesPerSecond);
  return async () => void (await set(-1));
}

/** What an agent sends. */
export const sent = ({ name, mimeType, buffer }: TestFile) => ({ file: { name, mime: mimeType, base64: buffer.toString("base64") } });

/** The shortest recording there is: silence of 0.1 seconds. */
export function silence(): TestFile {
  const samples = 800;
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples, 40);
  return { name: "note.wav", mimeType: "audio/wav", buffer: Buffer.concat([header, Buffer.alloc(samples, 128)]) };
}

/** The files over the composer. */
export class Tray {
  readonly widget: Widget;
  readonly rows: Locator;

  constructor(widget: Widget) {
    this.widget = widget;
    this.rows = widget.part("upload");
  }

  row(name: string): Locator {
    return this.rows.filter({ has: this.widget.page.locator(`[part=file-title]:text-is(${JSON.stringify(name)})`) });
  }

  /** By the button. */
  async choose(...files: TestFile[]): Promise<void> {
    const chooser = this.widget.page.waitForEvent("filechooser");
    await this.widget.part("attach").click();
    await (await chooser).setFiles(files);
  }

  /** As from the desktop, or from the clipboard. */
  async bring(how: "drop" | "paste", files: TestFile[], text?: string): Promise<void> {
    const passed = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString("base64") }));
    await this.widget.input.evaluate(
      async (input, { how, passed, text }) => {
        const dataTransfer = new DataTransfer();
        for (const { name, mimeType, base64 } of passed) {
          dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type: mimeType }));
        }
        if (text) dataTransfer.setData("text/plain", text);
        const common = { bubbles: true, composed: true, cancelable: true };
        if (how === "paste") return void input.dispatchEvent(new ClipboardEvent("paste", { ...common, clipboardData: dataTransfer }));
        for (const name of ["dragenter", "dragover", "drop"]) input.dispatchEvent(new DragEvent(name, { ...common, dataTransfer }));
      },
      { how, passed, text },
    );
  }

  async expectState(name: string, state: string): Promise<void> {
    await expect(this.row(name)).toHaveAttribute("data-state", state);
  }

  note(name: string): Locator {
    return this.row(name).locator("[part=file-note]");
  }

  again(name: string): Locator {
    return this.row(name).locator("[part=file-again]");
  }

  remove(name: string): Locator {
    return this.row(name).locator("[part=file-remove]");
  }
}
