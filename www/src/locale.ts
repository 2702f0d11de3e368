/** The languages that there are words for. */
const languages = ["en"];

/**
 * The first of the tags whose language there are words for, with its region, which tells how dates are written.
 * The words, the dates and the direction of the panel then agree.
 */
export function chooseLocale(tags: readonly string[]): string {
  return tags.find((tag) => languages.includes(tag.split("-")[0]?.toLowerCase() ?? "")) ?? "en";
}
