// The page's sign-in, as the engine may call it. No view.
import type { Options } from "../types.ts";

/**
 * Runs the page's code in a task of its own. Gives what the platform wants to have of it, as JSON text, and nothing when
 * nobody is signed in or the page is mistaken.
 */
export async function askPage(auth: NonNullable<Options["auth"]>): Promise<string | undefined> {
  try {
    await undefined;
    const given = (await auth()) as Record<string, unknown> | null | undefined;
    if (given === null || given === undefined) return undefined;
    const grant = pick(given, "code", "redirectUri") ?? pick(given, "idToken", "nonce");
    if (grant?.["code"] && isText(given["codeVerifier"])) grant["codeVerifier"] = given["codeVerifier"];
    if (grant) return JSON.stringify(grant);
    console.error("guest-messenger: auth must give { code, redirectUri } or { idToken, nonce }, or null when nobody is signed in.");
  } catch (error) {
    console.error("guest-messenger: auth failed.", error);
  }
  return undefined;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** These two, if both are there. */
function pick(given: Record<string, unknown>, ...names: [string, string]): Record<string, unknown> | undefined {
  return names.every((name) => isText(given[name])) ? Object.fromEntries(names.map((name) => [name, given[name]])) : undefined;
}

export { askPage as ask };
