/** How good the judge is: scene-oracle on drawn scenes and on what the autoencoder makes of them, where the truth is known. */

import type { Runtime } from '../../../jobs/runtime.ts';
import { scenePixels } from '../../../jobs/scenes.ts';
import { CATEGORIES, type Kind, labelId, OBJECTS, PLACES, SKY_OBJECTS } from '../../../world/catalogue.ts';
import type { Drawing } from '../../../world/draw.ts';
import { type Head, ORACLE, openOracle, type Reading } from '../../oracle.ts';
import type { Finding } from '../../table.ts';
import { heldOutDrawings, reconstruct } from './autoencoder.ts';

export async function drawnFindings(runtime: Runtime, count: number): Promise<readonly Finding[]> {
  const oracle = await openOracle(runtime);
  const drawings = heldOutDrawings(count);
  const truth = drawings.map((drawing) => truthOf(drawing, oracle.grid));
  const seen = await oracle.look(drawings.map(scenePixels));
  return overlapFindings(`${ORACLE}: mean IoU, drawn scenes`, seen, truth, 0.9);
}

export async function reconstructedFindings(runtime: Runtime, count: number): Promise<readonly Finding[]> {
  const oracle = await openOracle(runtime);
  const drawings = heldOutDrawings(count);
  const truth = drawings.map((drawing) => truthOf(drawing, oracle.grid));
  const seen = await oracle.look(await reconstruct(runtime, drawings));
  const colour = colourAccuracy(seen, truth);
  return [
    ...overlapFindings(`${ORACLE}: mean IoU, reconstructions`, seen, truth, 0.85),
    {
      name: `${ORACLE}: colour of things' pixels, reconstructions`,
      value: colour.right / colour.pixels,
      unit: 'share',
      bar: { is: 'at least', value: 0.97 },
      note: `${colour.pixels} pixels`,
    },
  ];
}

/** The world's labels where the oracle looks: cell (y, x) stands for pixel (2y + 1, 2x + 1) of a picture twice as large. */
export function truthOf({ labels, size }: Drawing, grid: number): Reading {
  const step = size / grid;
  const plane = (head: Head) => {
    const start = CATEGORIES.indexOf(head) * size * size;
    return Uint8Array.from({ length: grid * grid }, (_, at) => {
      const y = Math.floor(at / grid) * step + (step >> 1);
      return labels[start + y * size + (at % grid) * step + (step >> 1)]!;
    });
  };
  return { grid, labels: { object: plane('object'), color: plane('color'), scene: plane('scene') } };
}

/** The mean over labels of intersection over union, pooled over all readings; labels that nowhere occur are left out. */
export function meanOverlap(
  seen: readonly Reading[],
  truth: readonly Reading[],
  head: Head,
  ids: readonly number[],
): { readonly sum: number; readonly labels: number } {
  const both = new Float64Array(256);
  const either = new Float64Array(256);
  truth.forEach(({ labels }, i) => {
    labels[head].forEach((label, at) => {
      const other = seen[i]!.labels[head][at]!;
      either[label]!++;
      if (label === other) both[label]!++;
      else either[other]!++;
    });
  });
  const occurring = ids.filter((id) => either[id]! > 0);
  return {
    sum: occurring.reduce((sum, id) => sum + both[id]! / either[id]!, 0),
    labels: occurring.length,
  };
}

const THINGS = [...OBJECTS, ...SKY_OBJECTS].map((kind) => labelId('object', kind));
const GROUND = PLACES.map((place) => labelId('scene', place));

function overlapFindings(
  name: string,
  seen: readonly Reading[],
  truth: readonly Reading[],
  least: number,
): Finding[] {
  const things = meanOverlap(seen, truth, 'object', THINGS);
  const places = meanOverlap(seen, truth, 'scene', GROUND);
  return [
    {
      name,
      value: (things.sum + places.sum) / (things.labels + places.labels),
      bar: { is: 'at least', value: least },
      note: `${things.labels} objects, ${places.labels} places; ${seen.length} scenes`,
    },
    { name: '  objects', value: things.sum / things.labels },
    { name: '  places', value: places.sum / places.labels },
  ];
}

/** Over the true pixels of coloured kinds that have a colour. */
function colourAccuracy(seen: readonly Reading[], truth: readonly Reading[]) {
  const coloured = new Set(OBJECTS.map((kind: Kind) => labelId('object', kind)));
  let right = 0;
  let pixels = 0;
  truth.forEach(({ labels }, i) => {
    labels.color.forEach((color, at) => {
      if (color === 0 || !coloured.has(labels.object[at]!)) return;
      pixels++;
      if (seen[i]!.labels.color[at] === color) right++;
    });
  });
  return { right, pixels };
}
