// Contrast, as WCAG 2.2 defines it.

type Rgb = [red: number, green: number, blue: number];

/** A little more than the 4.5 asked for, for the rounding. */
const legible = 4.55;

/** As in tokens.css. */
const lightSurface = "#ffffff";
const darkSurface = "#1b1d22";

/** The brand colour as text and lines: legible on either surface. */
export function accent(host: HTMLElement, color: string): void {
  host.style.setProperty("--gm-accent-light", legibleOn(lightSurface, color));
  host.style.setProperty("--gm-accent-dark", legibleOn(darkSurface, color));
}

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
  const digits = hex.length === 4 ? hex.replace(/\w/g, "$&$&") : hex;
  return digits.match(/\w\w/g)?.map((pair) => parseInt(pair, 16)) as Rgb;
}

function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one) + 0.05, luminance(other) + 0.05];
  return Math.max(a, b) / Math.min(a, b);
}

/** The straight piece of the curve near black is left out: it changes the result by less than 0.001. */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((channel) => ((channel / 255 + 0.055) / 1.055) ** 2.4) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
