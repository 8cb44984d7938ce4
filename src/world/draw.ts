import { THING_LIGHT } from './backdrop.ts';
import { Canvas } from './canvas.ts';
import { COLOURS, labelId, type Rgb } from './catalogue.ts';
import type { Scene, Thing } from './graph.ts';
import { Look } from './objects/drawing.ts';
import { DRAWINGS } from './objects/drawings.ts';
import { Pen } from './pen.ts';
import { drawBackdrop } from './places.ts';
import { drawShadow, drawStreaks, drawWaterline } from './shadow.ts';
import { drawWeatherBefore, drawWeatherOn } from './weather.ts';

export interface Drawing {
  readonly size: number;
  /** [y, x, rgb] */
  readonly rgb: Uint8ClampedArray;
  /** [category, y, x], ids of `LABELS`, 0 for none */
  readonly labels: Uint8Array;
  /** [y, x], a thing's id, 0 for none */
  readonly instances: Uint8Array;
}

const JITTER = 8;
/** Brightness of the outline, relative to the part that it surrounds. */
const LINE = 0.42;
/** How much brighter the lit edge of a whole thing is than its middle; half of it at night. */
const GLOW = 0.1;

/** The two pictures a scene is composed of. Kept between calls of the same size: allocation costs more than drawing. */
let kept: { readonly page: Canvas; readonly layer: Canvas } | undefined;

/**
 * Draws a scene at `size` x `size` pixels (8 to 2048). The same scene and size give the same bytes in every engine:
 * only + - * / and sqrt, which IEEE 754 rounds exactly.
 */
export function drawScene(scene: Scene, size: number): Drawing {
  if (!Number.isInteger(size) || size < 8 || size > 2048) throw new RangeError(`invalid size: ${size}`);
  if (kept?.page.size !== size) kept = { page: new Canvas(size), layer: new Canvas(size) };
  const { page, layer } = kept;
  const side = scene.light === 'left' ? -1 : 1;
  layer.lightSide = side;
  layer.lightStrength = scene.time === 'night' ? 0.4 : 0.62;
  page.clear();
  drawBackdrop(page, scene);
  drawWeatherOn(page, scene);
  const instances = new Uint8Array(size * size);
  for (const thing of scene.things) {
    drawShadow(page, scene, thing);
    layer.clear();
    drawThing(layer, thing, side);
    const scale = 1 / size;
    drawStreaks(page, scene, thing, layer.top * scale, layer.left * scale, layer.right * scale);
    stamp(page, layer, instances, scene, thing);
    drawWaterline(page, scene, thing);
  }
  drawWeatherBefore(page, scene);
  const rgb = new Uint8ClampedArray(size * size * 3);
  for (let i = 0, from = 0, to = 0; i < size * size; i++, from += 4, to += 3) {
    rgb[to] = page.rgba[from]!;
    rgb[to + 1] = page.rgba[from + 1]!;
    rgb[to + 2] = page.rgba[from + 2]!;
  }
  return { size, rgb, labels: page.labels.slice(), instances };
}

function ownColour(thing: Thing): Rgb {
  const rgb = COLOURS[thing.color];
  const shift = (channel: number) =>
    Math.max(0, Math.min(255, rgb[channel]! + JITTER * (2 * thing.variant[6 + channel]! - 1)));
  return [shift(0), shift(1), shift(2)];
}

function drawThing(layer: Canvas, thing: Thing, side: number): void {
  const { size } = layer;
  const drawing = DRAWINGS[thing.kind];
  const pen = new Pen(
    layer,
    thing.x * size,
    thing.y * size,
    thing.size * size,
    thing.flip,
    thing.lean,
    drawing.height / 2,
  );
  drawing.draw(
    pen,
    new Look({
      color: thing.color,
      rgb: ownColour(thing),
      second: COLOURS[thing.secondColor ?? 'white'],
      secondName: thing.secondColor,
      airborne: thing.airborne,
      pattern: thing.pattern,
      build: thing.material ?? 'plain',
      lit: thing.flip ? -side : side,
      variant: thing.variant,
    }),
  );
}

/** Lays a thing on the page: first its outline (its silhouette grown by about 1/128 of the picture), then itself. The outline takes colour and labels from the part beside it. */
function stamp(page: Canvas, layer: Canvas, instances: Uint8Array, scene: Scene, thing: Thing): void {
  const { size } = page;
  const plane = size * size;
  const reach = Math.max(1, Math.round(size * 0.0075));
  const offsets: number[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      if ((dx !== 0 || dy !== 0) && dx * dx + dy * dy <= reach * reach + 0.5) offsets.push(dx, dy);
    }
  }
  const light = THING_LIGHT[scene.time];
  const object = labelId('object', thing.kind);
  const from = layer.rgba;
  const to = page.rgba;
  const glow = (scene.light === 'left' ? -1 : 1) * (scene.time === 'night' ? GLOW / 2 : GLOW);
  const slope = (2 * glow) / Math.max(1, layer.right - layer.left);
  const middle = (layer.left + layer.right) / 2;
  const y1 = Math.min(size, layer.bottom + reach);
  const x1 = Math.min(size, layer.right + reach);
  for (let y = Math.max(0, layer.top - reach); y < y1; y++) {
    for (let x = Math.max(0, layer.left - reach); x < x1; x++) {
      const at = y * size + x;
      const pixel = at * 4;
      const alpha = from[pixel + 3]!;
      let grown = alpha;
      let source = at;
      for (let k = 0; k < offsets.length && grown < 0.996; k += 2) {
        const nx = x + offsets[k]!;
        const ny = y + offsets[k + 1]!;
        if (nx < 0 || ny < 0 || nx >= size || ny >= size) continue;
        const near = ny * size + nx;
        if (from[near * 4 + 3]! > grown) {
          grown = from[near * 4 + 3]!;
          source = near;
        }
      }
      if (grown < 0.004) continue;
      const rim = grown * (1 - alpha);
      const keep = 1 - alpha - rim;
      const shine = 1 + slope * (x + 0.5 - middle);
      for (let c = 0; c < 3; c++) {
        const line = (LINE * light[c]! * from[source * 4 + c]!) / from[source * 4 + 3]!;
        to[pixel + c] =
          to[pixel + c]! * keep + line * rim + Math.min(255 * alpha, from[pixel + c]! * light[c]! * shine);
      }
      if (grown < 0.5) continue;
      instances[at] = thing.id;
      page.labels[plane + at] = object;
      const named = layer.labels[5 * plane + at] ? at : source;
      for (let category = 2; category < 6; category++) {
        page.labels[category * plane + at] = layer.labels[category * plane + named]!;
      }
    }
  }
}
