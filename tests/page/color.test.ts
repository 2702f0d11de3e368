import assert from "node:assert/strict";
import { test } from "node:test";
import { legibleOn, textOn } from "../../www/src/color.ts";

/** WCAG 2.2, written again on purpose. */
function contrast(one: number[], other: number[]): number {
  const luminance = (rgb: number[]) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
      const share = (rgb[at] ?? 0) / 255;
      return sum + weight * (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
    }, 0);
  const [a, b] = [luminance(one) + 0.05, luminance(other) + 0.05];
  return Math.max(a, b) / Math.min(a, b);
}

const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const printed = (rgb: string) => (rgb.match(/\d+/g) ?? []).map(Number);

const colors: string[] = [];
for (const red of ["00", "33", "77", "bb", "ff"]) {
  for (const green of ["00", "44", "88", "cc", "ff"]) {
    for (const blue of ["00", "55", "99", "dd", "ff"]) colors.push(`#${red}${green}${blue}`);
  }
}

test("text on any brand colour is legible", () => {
  for (const color of colors) {
    const text = textOn(color) === "#fff" ? [255, 255, 255] : [0, 0, 0];
    assert.ok(contrast(channels(color), text) >= 4.5, color);
  }
});

test("any brand colour becomes legible on a light and on a dark surface", () => {
  for (const color of colors) {
    for (const surface of ["#ffffff", "#1b1d22"]) {
      assert.ok(contrast(printed(legibleOn(surface, color)), channels(surface)) >= 4.5, `${color} on ${surface}`);
    }
  }
});

test("a brand colour that is legible already stays as it is", () => {
  assert.deepEqual(printed(legibleOn("#ffffff", "#3b5bdb")), [0x3b, 0x5b, 0xdb]);
});

test("a short colour means its digits doubled", () => {
  assert.deepEqual(printed(legibleOn("#fff", "#06c")), [0x00, 0x66, 0xcc]);
});
