import { anchors } from './anchors.ts';

/** Perceptually uniform, colour-blind-safe maps for values of one sign. */
export const paletteNames = ['viridis', 'magma', 'inferno', 'cividis'] as const;
export type PaletteName = (typeof paletteNames)[number];

/** 256 colours, 3 bytes each (red, green, blue), lowest value first. */
export type Lookup = Uint8Array;

const lookups = new Map<string, Lookup>();

/** Lookup table of a map, computed on first use by straight lines between its anchors. `diverging` is neutral in its middle. */
export function lookup(name: PaletteName | 'diverging'): Lookup {
  const known = lookups.get(name);
  if (known) return known;
  const anchor = (index: number, channel: number) =>
    Number.parseInt(anchors[name].slice(6 * index + 2 * channel, 6 * index + 2 * channel + 2), 16);
  const table = new Uint8Array(256 * 3);
  for (let entry = 0; entry < 256; entry++) {
    const left = Math.min(50, Math.floor(entry / 5));
    for (let c = 0; c < 3; c++) {
      const low = anchor(left, c);
      table[entry * 3 + c] = Math.round(low + ((anchor(left + 1, c) - low) * (entry - 5 * left)) / 5);
    }
  }
  lookups.set(name, table);
  return table;
}

/** Red, green, blue (0 to 255) of `#rrggbb`; else RangeError. */
export function parseColour(text: string): readonly [number, number, number] {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (!hex) throw new RangeError(`not a colour: ${text}`);
  return [Number.parseInt(hex[1]!, 16), Number.parseInt(hex[2]!, 16), Number.parseInt(hex[3]!, 16)];
}

/** Up to three words laid over each other: hues that stay apart under the common colour-vision deficiencies. */
export const blendColours = ['#e69f00', '#56b4e9', '#cc79a7'] as const;
