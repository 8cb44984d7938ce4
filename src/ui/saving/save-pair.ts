import { colourise } from '../../charts/colourise.ts';
import { drawHeatmap } from '../../charts/draw-heatmap.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { filename } from '../../exports/filename.ts';
import { heatCsv, heatJson } from '../../exports/heat.ts';
import { heatSvg } from '../../exports/heat-svg.ts';
import { encodeNpz } from '../../exports/npz.ts';
import { type Json, type Settings, toJson } from '../../exports/settings.ts';
import type { Drawing } from '../../protocol/steer.ts';
import { differenceOf, type PairHeats } from '../../state/drawing-heat.ts';
import type { Grid } from '../../tensor/tensor.ts';
import { dataUrl, download, pngFile, textFile } from './download.ts';

const SIDE = 512;
const GAP = 16;

export type PairKind = 'png' | 'svg' | 'csv' | 'json' | 'npz';

/** Two pictures side by side, the lit word's maps on both, and what else is to be said of them. */
export interface SavedPair {
  readonly settings: Settings;
  /** What the file is called after. */
  readonly name: readonly string[];
  readonly first: Drawing;
  readonly second: Drawing;
  /** Absent while no word is lit. */
  readonly heats: PairHeats | undefined;
  readonly scale: HeatScale;
  /** 0 to 1; null leaves the pictures bare. */
  readonly opacity: number | null;
  readonly data: { readonly [name: string]: Json };
}

/** PNG and SVG: both as they stand on the page. CSV: the lit word's maps and their difference. JSON: those and `data`. NPZ: every map of both. */
export async function savePair(kind: PairKind, saved: SavedPair): Promise<void> {
  const { settings, first, second, heats, scale, opacity, data } = saved;
  const name = filename(saved.name, kind);
  const maps = mapsOf(saved);
  const unit = 'probability';
  if (kind === 'csv') download(name, textFile(heatCsv(maps, unit), 'text/csv'));
  else if (kind === 'json') {
    const document: { readonly data: Json } = JSON.parse(heatJson(maps, unit, null, settings));
    download(name, textFile(toJson(settings, { ...data, heat: document.data }), 'application/json'));
  } else if (kind === 'npz') {
    const arrays = { ...arraysOf('source', first), ...arraysOf('target', second) };
    const bytes = encodeNpz(arrays, { 'settings.json': toJson(settings, data) });
    download(name, new Blob([bytes], { type: 'application/zip' }));
  } else if (kind === 'svg') {
    const sides = [
      { title: 'left', image: first.image, heat: heats?.first },
      { title: 'right', image: second.image, heat: heats?.second },
    ];
    const panels = await Promise.all(
      sides.map(async ({ title, image, heat }) => ({
        title,
        href: await dataUrl(image),
        cells: heat && opacity !== null ? colourise(heat, scale, opacity) : nothing,
      })),
    );
    download(name, textFile(heatSvg(panels, toJson(settings, data)), 'image/svg+xml'));
  } else download(name, await pngFile(draw(saved), settings));
}

const nothing = { width: 0, height: 0, data: new Uint8ClampedArray() };

function mapsOf({
  first,
  second,
  heats,
}: SavedPair): readonly { readonly label: string; readonly grid: Grid }[] {
  return [
    ...(heats?.first ? [{ label: 'left', grid: heats.first }] : []),
    ...(heats?.second ? [{ label: 'right', grid: heats.second }] : []),
    ...(heats?.first && heats.second
      ? [{ label: 'right minus left', grid: differenceOf(first, second, heats).map }]
      : []),
  ];
}

function arraysOf(side: string, { image, attention }: Drawing) {
  return {
    [`${side}_image`]: { dims: [image.height, image.width, 4], data: image.data },
    ...Object.fromEntries(
      attention.map(({ site, pattern }) => [`${side}/${site}`, { dims: pattern.dims, data: pattern.data }]),
    ),
  };
}

function draw({ first, second, heats, scale, opacity }: SavedPair): OffscreenCanvas {
  const canvas = new OffscreenCanvas(2 * SIDE + GAP, SIDE);
  const tile = new OffscreenCanvas(SIDE, SIDE);
  const [context, inner] = [canvas.getContext('2d'), tile.getContext('2d')];
  if (!context || !inner) throw new Error('no 2d canvas');
  [
    { image: first.image, heat: heats?.first },
    { image: second.image, heat: heats?.second },
  ].forEach(({ image, heat }, at) => {
    const over = heat && opacity !== null ? { grid: heat, scale, opacity, smooth: true } : undefined;
    drawHeatmap(inner, { width: SIDE, height: SIDE }, image, over);
    context.drawImage(tile, at * (SIDE + GAP), 0);
  });
  return canvas;
}
