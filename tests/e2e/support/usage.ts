// What a page holds on to, read by the browser's own means after a collection of garbage.
import type { CDPSession, Page } from "@playwright/test";

export interface Usage {
  /** Of 64 KiB; they are never given back. */
  wasmPages: number;
  heap_bytes: number;
  /**
   * The strings, objects and functions in the heap: what scripts hold on to. The rest is what the browser compiles. Without
   * the flight recorder's recording, which has a bound of its own.
   */
  held_bytes: number;
  nodes: number;
  listeners: number;
  /** Nodes that scripts hold on to, but that are in no document. */
  detached: number;
}

/** Makes the memory of a page's wasm readable. Call it before the page is visited. */
export async function watchMemory(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const instantiate = WebAssembly.instantiate as (...all: unknown[]) => Promise<any>;
    WebAssembly.instantiate = (async (...all: unknown[]) => {
      const made = await instantiate(...all);
      (window as any)[Symbol.for("memory")] = Object.values((made.instance ?? made).exports).find((value) => value instanceof WebAssembly.Memory);
      return made;
    }) as typeof WebAssembly.instantiate;
  });
}

export async function usage(page: Page): Promise<Usage> {
  const devtools = await page.context().newCDPSession(page);
  for (const domain of ["Performance", "DOM"] as const) await devtools.send(`${domain}.enable`);
  // What the first collection ends, the second one takes away.
  for (let round = 0; round < 2; round++) await devtools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devtools.send("Performance.getMetrics");
  const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
  const { detachedNodes } = await devtools.send("DOM.getDetachedDomNodes");
  const held_bytes = await held(devtools);
  await devtools.detach();
  return {
    wasmPages: await page.evaluate(() => (window as any)[Symbol.for("memory")].buffer.byteLength / 65_536),
    heap_bytes: metrics.find(({ name }) => name === "JSHeapUsedSize")!.value,
    held_bytes,
    nodes,
    listeners: jsEventListeners,
    detached: detachedNodes.length,
  };
}

/** How a string of the recording begins: with the first item of all, a step, or what came out of one. */
const recorded = /^(\["begin"|\[\d|"[\da-f]{16}")/;

async function held(devtools: CDPSession): Promise<number> {
  let text = "";
  const collect = ({ chunk }: { chunk: string }) => (text += chunk);
  devtools.on("HeapProfiler.addHeapSnapshotChunk", collect);
  await devtools.send("HeapProfiler.takeHeapSnapshot");
  devtools.off("HeapProfiler.addHeapSnapshotChunk", collect);
  const { snapshot, nodes, strings } = JSON.parse(text);
  const { node_fields: fields, node_types: [types] } = snapshot.meta;
  const [type, name, size] = [fields.indexOf("type"), fields.indexOf("name"), fields.indexOf("self_size")];
  let sum_bytes = 0;
  for (let node = 0; node < nodes.length; node += fields.length) {
    const is = types[nodes[node + type]];
    const isCounted = !["native", "code"].includes(is) && !(is === "string" && recorded.test(strings[nodes[node + name]]));
    if (isCounted) sum_bytes += nodes[node + size];
  }
  return sum_bytes;
}
