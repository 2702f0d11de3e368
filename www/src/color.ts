// Contrast, as WCAG 2.2 defines it.

type Rgb = [red: number, green: number, blue: number];

const legible = 4.5;

/** Black or white, whichever reads better on "#rgb" or "#rrggbb". One of them always reaches 4.5 : 1. */
export function textOn(background: string): string {
  return luminance(parse(background)) > 0.179 ? "#000" : "#fff";
}

/** The colour, moved towards black or white (away from the surface) until it is legible as text on the surface. */
export function legibleOn(surface: string, color: string): string {
  const surfaceRgb = parse(surface);
  const target = luminance(surfaceRgb) > 0.179 ? 0 : 255;
  let rgb = parse(color);
  for (let step = 0; step < 40 && contrast(rgb, surfaceRgb) < legible; step++) {
    rgb = rgb.map((channel) => channel + (target - channel) * 0.1) as Rgb;
  }
  return `rgb(${rgb.map(Math.round).join(" ")})`;
}

function parse(hex: string): Rgb {
  const digits = hex.length === 4 ? hex.replace(/[^#]/g, "$&$&") : hex;
  return [1, 3, 5].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as Rgb;
}

function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one) + 0.05, luminance(other) + 0.05];
  return Math.max(a, b) / Math.min(a, b);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
