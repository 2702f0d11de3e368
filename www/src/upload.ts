// Brings the bytes of a file to where the platform says.
import { typeOf } from "./file-bytes.ts";
import type { LazyContext } from "./lazy.ts";

const betweenProgress_ms = 150;

/**
 * Puts a file there, with these headers, lines of `name: value`, and its type. Tells how many bytes have gone and, once, whether they were taken.
 * Returns what stops it, after which nothing is told.
 */
export function put(
  url: string,
  headers: string,
  file: File,
  { endpoint }: LazyContext,
  progress: (sent_bytes: number) => void,
  end: (isDone: boolean) => void,
): () => void {
  const request = new XMLHttpRequest();
  let toldAt_ms = 0;
  let isStopped = false;
  const tell = (isDone: boolean) => {
    if (!isStopped) end(isDone);
    isStopped = true;
  };
  request.upload.addEventListener("progress", ({ loaded }) => {
    const now_ms = performance.now();
    if (isStopped || now_ms - toldAt_ms < betweenProgress_ms) return;
    toldAt_ms = now_ms;
    progress(loaded);
  });
  request.addEventListener("load", () => tell(request.status >= 200 && request.status < 300));
  for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => tell(false));
  try {
    if (!isAllowed(url, endpoint)) throw new TypeError("neither https nor the endpoint");
    request.open("PUT", url);
    for (const line of headers.split("\n").filter(Boolean)) {
      const at = line.indexOf(": ");
      request.setRequestHeader(line.slice(0, at), line.slice(at + 2));
    }
    if (!/^content-type:/im.test(headers)) request.setRequestHeader("content-type", typeOf(file));
    request.send(file);
  } catch {
    queueMicrotask(() => tell(false));
  }
  return () => {
    isStopped = true;
    request.abort();
  };
}

/** A stand-in may speak plain http. */
function isAllowed(url: string, endpoint: string): boolean {
  const { protocol, host } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && endpoint !== "" && host === new URL(endpoint, location.href).host);
}
