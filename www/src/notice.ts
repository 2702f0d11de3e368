// What remains after a trap: the launcher, and if nothing else helps a notice.
import type { Language } from "./locale.ts";

/** Takes everything of a dead engine out of the root. Returns what the visitor was writing. */
export function emptyRoot(root: ShadowRoot): string {
  const draft = root.querySelector<HTMLTextAreaElement>("[part=input]")?.value ?? "";
  for (const child of [...root.children]) {
    if (child.getAttribute("part") !== "launcher") child.remove();
  }
  // A copy has none of the dead engine's listeners.
  const launcher = root.querySelector("[part=launcher]");
  launcher?.replaceWith(launcher.cloneNode(true));
  return draft;
}

/** Says what has happened, and gives the visitor the text back. The launcher shows and hides it. */
export function showNotice(root: ShadowRoot, { locale, strings }: Language, draft: string): void {
  const notice = document.createElement("div");
  notice.setAttribute("part", "notice");
  notice.setAttribute("role", "alert");
  // What the launcher controls now.
  notice.id = "panel";
  notice.lang = locale;
  notice.dir = "auto";
  notice.textContent = strings["crashed"] ?? "";
  if (draft) {
    const kept = document.createElement("p");
    kept.setAttribute("part", "notice-draft");
    kept.dir = "auto";
    kept.textContent = draft;
    notice.append(kept);
  }
  root.append(notice);

  const launcher = root.querySelector<HTMLElement>("[part=launcher]");
  launcher?.setAttribute("aria-expanded", "true");
  launcher?.addEventListener("click", () => {
    notice.hidden = !notice.hidden;
    launcher.setAttribute("aria-expanded", String(!notice.hidden));
  });
}
