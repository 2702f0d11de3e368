// Which addresses may become links or pictures: the policy of src/ui/links.rs, for what TypeScript shows.

const longest = 2048;

/** Controls, spaces, backslashes, direction marks and invisible characters: each makes an address look like another. */
const deceptive =
  /[\s\\\p{Cc}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffd\u{e0000}-\u{e0fff}]/u;

/** The address as the browser understands it, when it may be opened. */
export function safeHref(address: string): string | undefined {
  return judge(address)?.href;
}

/** The address to load a picture from, when it is the platform's: `domain` and `endpoint` as in `LazyContext`. */
export function safeImage(address: string, { domain, endpoint }: { domain: string; endpoint: string }): string | undefined {
  const judged = judge(address);
  if (!judged) return undefined;
  // With its port: beside the platform's own there may be anything else on that machine.
  const isOwn = judged.host === read(endpoint)?.host;
  const isPlatforms = domain !== "" && (judged.hostname === domain || judged.hostname.endsWith(`.${domain}`));
  return (judged.protocol === "https:" && (isOwn || isPlatforms)) || (judged.protocol === "http:" && isOwn) ? judged.href : undefined;
}

function judge(address: string): URL | undefined {
  const isTooLong = new TextEncoder().encode(address).length > longest;
  const judged = isTooLong || deceptive.test(address) ? undefined : read(address);
  switch (judged?.protocol) {
    case "https:":
    case "http:":
      return isHonest(address, judged) ? judged : undefined;
    case "mailto:":
    case "tel:":
      // A line break would add a header to the e-mail.
      return /%0[ad]/i.test(judged.href) ? undefined : judged;
    default:
      return undefined;
  }
}

function read(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** Whether the host is the one that was typed, with no user before it. */
function isHonest(address: string, judged: URL): boolean {
  const authority = /^[^:]*:\/\/([^/?#]+)/.exec(address)?.[1];
  if (!authority || authority.includes("@") || !judged.hostname) return false;
  const typed = authority.replace(/:\d*$/, "");
  // Such a label decodes to nothing, yet browsers take it.
  const isBroken = judged.hostname.split(".").some((label) => label.startsWith("xn--") && label.endsWith("-"));
  // `0x7f.1` is 127.0.0.1 to a browser and nothing to a person.
  const isDisguised = /^[\d.]+$/.test(judged.hostname) && judged.hostname !== typed;
  return !isBroken && !isDisguised;
}
