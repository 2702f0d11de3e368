// Words with something in them.

/** With `{slot}` replaced by each value. */
export function fill(pattern = "", values: Readonly<Record<string, string>>): string {
  return pattern.replace(/\{(\w+)\}/g, (whole, slot: string) => values[slot] ?? whole);
}

/** As people say it: `48 kB`, `1.2 MB`. */
export function readableSize(bytes: number, locale: string): string {
  const [value, unit] = bytes < 1_000_000 ? [Math.ceil(bytes / 1000), "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}
