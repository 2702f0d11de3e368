// Times to choose from, in the visitor's time zone.
import { type Shape, text } from "./shape.ts";

export interface Slot {
  at: Date;
  /** As the platform wrote it. */
  iso: string;
}

/** Sorted, by local calendar day. Times that are none are left out, and twice the same is once. */
export function slotsByDay(times: readonly Shape[]): { day: Date; slots: Slot[] }[] {
  const slots = times.map((time) => ({ iso: text(time, "start"), at: new Date(text(time, "start")) }));
  const real = slots.filter(({ at }) => !Number.isNaN(at.getTime())).sort((a, b) => a.at.getTime() - b.at.getTime());
  const days: { day: Date; slots: Slot[] }[] = [];
  for (const slot of real) {
    const last = days.at(-1);
    if (last?.slots.at(-1)?.at.getTime() === slot.at.getTime()) continue;
    if (last?.day.toDateString() === slot.at.toDateString()) last.slots.push(slot);
    else days.push({ day: slot.at, slots: [slot] });
  }
  return days;
}

export function timeFormats(locale: string): { day(at: Date): string; time(at: Date): string; whole(at: Date): string } {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat(locale, options);
    return (at: Date) => made.format(at);
  };
  return {
    day: format({ weekday: "long", day: "numeric", month: "long" }),
    time: format({ timeStyle: "short" }),
    whole: format({ weekday: "short", day: "numeric", month: "short", hour: hourWidth(locale), minute: "2-digit" }),
  };
}

/** Of a short time: 9 o'clock is "9.00" in Finnish and "09:00" in British English. */
function hourWidth(locale: string): "numeric" | "2-digit" {
  const parts = new Intl.DateTimeFormat(locale, { timeStyle: "short" }).formatToParts(new Date(2026, 0, 1, 9));
  return parts.find(({ type }) => type === "hour")?.value.length === 1 ? "numeric" : "2-digit";
}
