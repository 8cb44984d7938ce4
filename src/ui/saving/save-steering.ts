import { filename } from '../../exports/filename.ts';
import { encodeNpz } from '../../exports/npz.ts';
import { type Settings, toJson } from '../../exports/settings.ts';
import type { Pixels } from '../../protocol/image.ts';
import type { Drawing, Steering } from '../../protocol/steer.ts';
import type { AttentionAddress } from '../../state/address.ts';
import { writeEdit } from '../../state/edit-link.ts';
import { download, hashesOf, pngFile, textFile } from './download.ts';

const SIDE = 512;
const GAP = 16;

/** PNG: both pictures side by side. JSON: the account. NPZ: pictures and every map of both. */
export async function saveSteering(
  kind: 'png' | 'json' | 'npz',
  steering: Steering,
  { model, prompt, seed, steps, guidance, edit }: AttentionAddress,
): Promise<void> {
  const settings: Settings = {
    kind: 'steering',
    model,
    sha256: hashesOf(model),
    recipe: 'prompt-to-prompt',
    device: steering.device,
    link: location.href,
    parameters: { prompt, seed, steps, guidance, edit: writeEdit(edit), target: edit.prompt },
  };
  const name = filename(['steered', prompt, edit.prompt], kind);
  const data = { change: steering.change, account: steering.account.map((line) => ({ ...line })) };
  if (kind === 'json') download(name, textFile(toJson(settings, data), 'application/json'));
  else if (kind === 'npz') {
    const arrays = { ...arraysOf('source', steering.source), ...arraysOf('target', steering.target) };
    const bytes = encodeNpz(arrays, { 'settings.json': toJson(settings, data) });
    download(name, new Blob([bytes], { type: 'application/zip' }));
  } else {
    const canvas = new OffscreenCanvas(2 * SIDE + GAP, SIDE);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no 2d canvas');
    [steering.source.image, steering.target.image].forEach((image, index) => {
      context.drawImage(layer(image), index * (SIDE + GAP), 0, SIDE, SIDE);
    });
    download(name, await pngFile(canvas, settings));
  }
}

function arraysOf(side: string, { image, attention }: Drawing) {
  return {
    [`${side}_image`]: { dims: [image.height, image.width, 4], data: image.data },
    ...Object.fromEntries(
      attention.map(({ site, pattern }) => [`${side}/${site}`, { dims: pattern.dims, data: pattern.data }]),
    ),
  };
}

function layer({ width, height, data }: Pixels): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}
