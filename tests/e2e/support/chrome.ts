// The browser that all journeys run in.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export const browserArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The Chrome that `CHROME` names, or else the first on PATH. */
export function chromePath(): string {
  const named = process.env["CHROME"];
  if (named) return named;
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const directories = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const found = names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isProgram);
  if (!found) throw new Error("No Chrome was found: install Chrome or Chromium, or set CHROME to its path.");
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
