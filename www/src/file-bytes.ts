// What can be told of a file by its bytes and its name.
import { element } from "./dom.ts";

/** How files of a type begin. Those of other types may begin as they like. */
const beginnings: Readonly<Record<string, readonly string[]>> = {
  "image/png": ["\x89PNG\r\n\x1a\n"],
  "image/jpeg": ["\xff\xd8\xff"],
  "image/gif": ["GIF87a", "GIF89a"],
  "image/webp": ["RIFF"],
  "application/pdf": ["%PDF-"],
};

/** What browsers have no type for. */
const typesByName: Readonly<Record<string, string>> = { opus: "audio/ogg", heic: "image/heic", md: "text/markdown" };

const pictureSide = 88;
/** Larger ones are not worth the memory. */
const pictureMax = 20_000_000;

/** The browser has it from the name. */
export function typeOf({ name, type }: File): string {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return (extension === "opus" ? "" : type) || (typesByName[extension] ?? "application/octet-stream");
}

/** Whether a file begins as files of its type do. One that cannot be read does not. */
export async function fits(file: File, mime: string): Promise<boolean> {
  const known = beginnings[mime];
  if (!known || file.size === 0) return true;
  try {
    const start = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()));
    return known.some((beginning) => start.startsWith(beginning));
  } catch {
    return false;
  }
}

/** The middle of a picture, small. Drawn, because an address of the file's would be against some pages' policy. */
export async function thumbnail(file: File): Promise<HTMLCanvasElement | undefined> {
  if (!["image/png", "image/jpeg", "image/gif", "image/webp"].includes(file.type) || file.size > pictureMax) return undefined;
  try {
    const picture = await createImageBitmap(file);
    const { width, height } = picture;
    const side = Math.min(width, height);
    const canvas = element("canvas", { part: "file-thumbnail", width: String(pictureSide), height: String(pictureSide) });
    canvas.getContext("2d")?.drawImage(picture, (width - side) / 2, (height - side) / 2, side, side, 0, 0, pictureSide, pictureSide);
    picture.close();
    return canvas;
  } catch {
    // Then it has a sign.
    return undefined;
  }
}
