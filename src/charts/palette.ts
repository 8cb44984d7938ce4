import {
  interpolateCividis,
  interpolateInferno,
  interpolateMagma,
  interpolateRdBu,
  interpolateViridis,
} from 'd3-scale-chromatic';

/** Perceptually uniform, colour-blind-safe maps for values of one sign. */
export const paletteNames = ['viridis', 'magma', 'inferno', 'cividis'] as const;
export type PaletteName = (typeof paletteNames)[number];

/** 256 colours, 3 bytes each (red, green, blue), lowest value first. */
export type Lookup = Uint8Array;

const interpolators = {
  viridis: interpolateViridis,
  magma: interpolateMagma,
  inferno: interpolateInferno,
  cividis: interpolateCividis,
  // Blue below zero, red above: the reverse of d3's order.
  diverging: (t: number) => interpolateRdBu(1 - t),
} satisfies Record<PaletteName | 'diverging', (t: number) => string>;

const lookups = new Map<string, Lookup>();

/** Lookup table of a map, computed on first use. The 128th colour of `diverging` is its neutral middle. */
export function lookup(name: PaletteName | 'diverging'): Lookup {
  const known = lookups.get(name);
  if (known) return known;
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) table.set(parseColour(interpolators[name](i / 255)), i * 3);
  lookups.set(name, table);
  return table;
}

/** Red, green, blue (0 to 255) of `#rrggbb` or `rgb(r, g, b)`, the two forms that d3 gives; else RangeError. */
export function parseColour(text: string): readonly [number, number, number] {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (hex) return [Number.parseInt(hex[1]!, 16), Number.parseInt(hex[2]!, 16), Number.parseInt(hex[3]!, 16)];
  const rgb = /^rgb\((\d+), ?(\d+), ?(\d+)\)$/.exec(text);
  if (rgb) return [Number(rgb[1]), Number(rgb[2]), Number(rgb[3])];
  throw new RangeError(`not a colour: ${text}`);
}

/** Up to three words laid over each other: hues that stay apart under the common colour-vision deficiencies. */
export const blendColours = ['#e69f00', '#56b4e9', '#cc79a7'] as const;
