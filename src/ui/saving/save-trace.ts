import { toCsv } from '../../exports/csv.ts';
import { filename } from '../../exports/filename.ts';
import { toJson } from '../../exports/settings.ts';
import type { Finished } from '../../state/run.ts';
import { download, hashesOf, textFile } from './download.ts';
import { namedImage } from './image-name.ts';
import { layersSvg } from './save-matrix.ts';

/** Every layer and position with the share that it recovers; patches before a Q-Former as layer 0. SVG: layers as a tinted table. */
export function saveTrace(kind: 'svg' | 'csv' | 'json', { params, result }: Finished<'trace'>): void {
  const [blocks, positions] = result.recovered.dims;
  const name = filename(['trace', params.target.question], kind);
  const value = (block: number, position: number) => result.recovered.data[block * positions + position]!;
  if (kind === 'csv') {
    const rows = Array.from({ length: blocks }, (_, block) =>
      result.sequence.map(({ position, text, role }) => [
        block + 1,
        position,
        role,
        text,
        value(block, position),
      ]),
    ).flat();
    const seen = Array.from(result.seen?.data ?? [], (share, patch) => [0, patch, 'patch', '', share]);
    download(
      name,
      textFile(toCsv(['layer', 'position', 'role', 'token', 'recovered'], [...seen, ...rows]), 'text/csv'),
    );
    return;
  }
  const settings = {
    kind: 'trace',
    model: params.model,
    sha256: hashesOf(params.model),
    recipe: 'activation-patching',
    device: result.device,
    link: location.href,
    parameters: {
      source: { image: namedImage(params.source.image), question: params.source.question },
      target: { image: namedImage(params.target.image), question: params.target.question },
    },
  };
  if (kind === 'svg') {
    const layers = Array.from({ length: blocks }, (_, block) => ({
      key: String(block),
      label: String(block + 1),
      values: result.sequence.map(({ position }) => value(block, position)),
    }));
    const rows = result.sequence.map(({ position, text }) => `${position + 1} ${text}`);
    const title = `${result.sourceAnswer.text} -> ${result.targetAnswer.text}: share recovered, by layer`;
    const draw = layersSvg(title, layers, rows, { format: (share) => share.toFixed(2), max: 1 });
    download(name, textFile(draw(toJson(settings, null)), 'image/svg+xml'));
    return;
  }
  const data = {
    answers: { source: result.sourceAnswer.text, target: result.targetAnswer.text },
    ...(result.seen ? { seen: Array.from(result.seen.data) } : {}),
    tokens: result.sequence.map(({ text }) => text),
    recovered: Array.from({ length: blocks }, (_, block) =>
      Array.from({ length: positions }, (_, position) => value(block, position)),
    ),
  };
  download(name, textFile(toJson(settings, data), 'application/json'));
}
