/** Painted regions: a few cells in a link, a mask on any grid. */

import { type Mask, mask } from '../tensor/mask.ts';
import { REGION_SIDE, type Region } from './steer.ts';

/** The region's cells, row by row. Throws RangeError for what is no region. */
export function regionCells(region: Region): Uint8Array {
  const cells = REGION_SIDE * REGION_SIDE;
  if (region.length !== cells / 4 || !/^[0-9a-f]*$/.test(region)) throw new RangeError('not a region');
  return Uint8Array.from({ length: cells }, (_, cell) => {
    const digit = Number.parseInt(region[cell >> 2]!, 16);
    return (digit >> (3 - (cell & 3))) & 1;
  });
}

export function regionOf(cells: Uint8Array): Region {
  let region = '';
  for (let at = 0; at < REGION_SIDE * REGION_SIDE; at += 4) {
    const digit = (cells[at]! << 3) | (cells[at + 1]! << 2) | (cells[at + 2]! << 1) | cells[at + 3]!;
    region += digit.toString(16);
  }
  return region;
}

/** The region on another grid: each cell takes the painted cell under its centre. */
export function regionMask(region: Region, height: number, width: number): Mask {
  const cells = regionCells(region);
  const data = new Uint8Array(height * width);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(((y + 0.5) * REGION_SIDE) / height) * REGION_SIDE;
    for (let x = 0; x < width; x += 1) {
      data[y * width + x] = cells[row + Math.floor(((x + 0.5) * REGION_SIDE) / width)]!;
    }
  }
  return mask(height, width, data);
}
