// The page's sign-in, as the engine may call it.
import type { Options } from "./types.ts";

/** Runs the page's code in a task of its own. Gives nothing when nobody is signed in, and when the page is mistaken. */
export async function askPage(auth: NonNullable<Options["auth"]>): Promise<object | undefined> {
  try {
    await undefined;
    const given = ((await auth()) ?? undefined) as Record<string, unknown> | undefined;
    if (given === undefined || isGrant(given)) return given;
    console.error("guest-messenger: auth must give { code, redirectUri } or { idToken, nonce }, or null when nobody is signed in.");
  } catch (error) {
    console.error("guest-messenger: auth failed.", error);
  }
  return undefined;
}

function isGrant(given: Record<string, unknown>): boolean {
  const has = (...names: string[]) => names.every((name) => typeof given[name] === "string" && given[name] !== "");
  return has("code", "redirectUri") || has("idToken", "nonce");
}
