// The visitor's language: which one, and its words.
// In the engine's script without what views alone say (www/scripts/bundle.mjs).
import english from "../locales/en.json";

/** What the widget says, and in which language. */
export interface Language {
  /** Its tag, with the region, which tells how dates are written. */
  locale: string;
  strings: Record<string, string>;
  /** Those that lazy views alone say, for view-words.ts; none of English. */
  more: readonly string[];
}

/** Rather English than no chat. */
const giveUpAfter_ms = 5_000;

/** Norwegians write one of two languages and read both. */
const kin: Record<string, string> = { no: "nb", nn: "nb" };

/** What the visitor has chosen in the menu, on this site. */
const key = "guest-messenger:language";

const loading = new Map<string, Promise<Language>>();

/** The visitor's language, once, however often it is asked for. English when its words cannot be had. Never rejects. */
export function loadLanguage(option: string): Promise<Language> {
  const choice = chooseLocale([visitorsChoice(), option, document.documentElement.lang, ...navigator.languages], LOCALES);
  const found = loading.get(choice.locale);
  if (found) return found;
  const language = load(choice).catch(() => {
    loading.delete(choice.locale);
    return { locale: "en", strings: english, more: [] };
  });
  loading.set(choice.locale, language);
  return language;
}

/** From now on the visitor's language is this one. */
export function keepLanguage(tag: string): void {
  chosen = tag;
  try {
    localStorage.setItem(key, tag);
  } catch {
    // It holds for this page.
  }
}

let chosen = "";

function visitorsChoice(): string {
  try {
    return chosen || (localStorage.getItem(key) ?? "");
  } catch {
    return chosen;
  }
}

async function load({ locale, words }: Choice): Promise<Language> {
  if (words === "en") return { locale, strings: english, more: [] };
  const address = new URL(`locales/${words}-${LOCALES_HASH}.json`, import.meta.url);
  const answer = await fetch(address, { signal: AbortSignal.timeout(giveUpAfter_ms) });
  if (!answer.ok) throw answer;
  return { locale, ...wordsOf(await answer.json()) };
}

/** A file has the words in the order of the English ones, and then, by name, the forms that English has not. */
function wordsOf(file: [...string[], Record<string, string>]): Omit<Language, "locale"> {
  const words = Object.entries(english).map(([key, word], at) => [key, file[at] ?? word]);
  const forms = file.pop() as Record<string, string>;
  return { strings: { ...Object.fromEntries(words), ...forms }, more: file.slice(words.length) as string[] };
}

export interface Choice {
  locale: string;
  /** The file of words. */
  words: string;
}

/**
 * The first of the tags that there are words for. The tag is kept whole, so that dates, the words and the direction of the
 * panel agree.
 */
export function chooseLocale(tags: readonly string[], known: readonly string[]): Choice {
  for (const tag of tags) {
    const choice = choiceOf(tag, known);
    if (choice) return choice;
  }
  return { locale: "en", words: "en" };
}

/** Nothing for a language that there are no words for. */
export function choiceOf(tag: string, known: readonly string[]): Choice | undefined {
  try {
    // Sites write "de_AT" too. The browser knows old codes and which script a region writes.
    const locale = new Intl.Locale(tag.replaceAll("_", "-"));
    const language = kin[locale.language] ?? locale.language;
    const script = locale.maximize().script;
    const wanted = language === "zh" ? [script === "Hant" ? "zh-TW" : "zh-CN"] : [`${language}-${locale.region}`, language];
    const words = wanted.find((name) => known.includes(name));
    return words ? { locale: String(locale), words } : undefined;
  } catch {
    // No tag at all.
    return undefined;
  }
}
