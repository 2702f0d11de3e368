// After a trap: another copy of the engine takes over, or a notice does. No view; fetched soon after the start.
import { element } from "../dom.ts";
import type { Engine, EngineModule, Listener, Predecessor } from "../load.ts";
import type { Language } from "../locale.ts";
import type { ReadOptions } from "../options.ts";
import { adoptOnce } from "../styles.ts";
import css from "../../styles/notice.css";

/** A second trap within this time is no accident. */
const reviveOnceIn_ms = 60_000;

const restarted = { code: "internal/restarted", message: "The messenger met a fault of its own and was started again; please report it.", retryable: true };

const crashed = { code: "internal/crashed", message: "The messenger has stopped working; reload the page.", retryable: false };

/**
 * Starts another in the place of the one that `died`, with its draft; after a second trap, or where that cannot be had,
 * there is a notice and none. `script` is the engine's address, `before` who died earlier.
 */
export async function recover(script: string, root: ShadowRoot, options: ReadOptions, listener: Listener, died: Predecessor, before: Predecessor | undefined): Promise<Engine | undefined> {
  const { draft } = died;
  const isSecond = before !== undefined && died.diedAt_ms - before.diedAt_ms < reviveOnceIn_ms;
  const error = isSecond ? crashed : restarted;
  console.error(`guest-messenger: ${error.message}`);
  listener("error", { ...error });
  try {
    if (isSecond) throw error;
    // Another fragment makes it another copy of the script, with a glue of its own.
    const copy: EngineModule = await import(`${script}#${died.diedAt_ms}`);
    return await copy.revive(root, options, listener, died);
  } catch {
    showNotice(root, died.language, draft);
    return undefined;
  }
}

/** Says what has happened, and gives the visitor the text back. The launcher shows and hides it. */
function showNotice(root: ShadowRoot, { locale, strings }: Language, draft: string): void {
  adoptOnce(root, css);
  const kept = draft ? element("p", { part: "notice-draft", dir: "auto" }, draft) : undefined;
  // Its id is the panel's, which the launcher says that it controls.
  const notice = element("div", { part: "notice", id: "panel", role: "alert", lang: locale, dir: "auto" }, strings["crashed"], kept);
  root.append(notice);

  const launcher = root.querySelector<HTMLElement>("[part=launcher]");
  launcher?.setAttribute("aria-expanded", "true");
  launcher?.addEventListener("click", () => {
    notice.hidden = !notice.hidden;
    launcher.setAttribute("aria-expanded", String(!notice.hidden));
  });
}
