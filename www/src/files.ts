// Where files come in: the button, paste and drop. The view that shows and sends them is fetched with the first one.
import { element } from "./dom.ts";
import type { ShowLazy } from "./lazy.ts";

/** Shows the same views. Files that the visitor chooses go into the queue, for the view to take from there. */
export function fileDoor(queue: File[], show: ShowLazy, strings: Readonly<Record<string, string>>): ShowLazy {
  let panel: Element | null = null;
  /** Fetches and shows the view with what it was last given. */
  let refresh: (() => void) | undefined;
  let isNeeded = false;

  const need = () => {
    isNeeded = true;
    refresh?.();
  };
  const take = (files: Iterable<File>) => {
    queue.push(...files);
    if (queue.length > 0) need();
  };

  function wire(host: HTMLElement) {
    panel = host.closest('[part="panel"]');
    const button = panel?.querySelector<HTMLElement>('[part="attach"]');
    if (!panel || !button) return;
    const input = element("input", { type: "file", multiple: "", hidden: "", part: "file-input" });
    host.after(input);
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      take(input.files ?? []);
      // The same file may be chosen again.
      input.value = "";
    });
    panel.addEventListener("paste", (event) => {
      const { clipboardData } = event as ClipboardEvent;
      // What office programs copy is text with a picture of it.
      if (!clipboardData?.files.length || clipboardData.types.includes("text/plain") || button.hidden) return;
      event.preventDefault();
      take(clipboardData.files);
    });
    for (const name of ["dragover", "drop"]) panel.addEventListener(name, (event) => dragged(event as DragEvent, !button.hidden));
    panel.addEventListener("dragleave", (event) => {
      const { relatedTarget } = event as DragEvent;
      if (!(relatedTarget instanceof Node && panel?.contains(relatedTarget))) panel?.removeAttribute("data-drop");
    });
  }

  function dragged(event: DragEvent, isOpen: boolean) {
    const { dataTransfer, type } = event;
    if (!dataTransfer?.types.includes("Files")) return;
    // The browser would leave the page for the file.
    event.preventDefault();
    dataTransfer.dropEffect = isOpen ? "copy" : "none";
    if (!isOpen) return;
    if (type === "drop") {
      panel?.removeAttribute("data-drop");
      return take(dataTransfer.files);
    }
    panel?.setAttribute("data-drop", strings["drop_files"] ?? "");
    // It has the looks of it.
    if (!isNeeded) need();
  }

  return (name, host, data, respond) => {
    if (name !== "attach") return show(name, host, data, respond);
    if (!panel) wire(host);
    let silence: (() => void) | undefined;
    const go = () => {
      silence?.();
      silence = show(name, host, data, respond);
    };
    refresh = go;
    if (isNeeded) go();
    return () => {
      if (refresh === go) refresh = undefined;
      silence?.();
    };
  };
}
