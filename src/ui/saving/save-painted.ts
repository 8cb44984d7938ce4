import { picturesSvg } from '../../exports/pictures-svg.ts';
import type { Finished } from '../../state/run.ts';
import type { Texts } from '../../text/texts.ts';
import { share, small } from '../figures.ts';
import { dataUrl } from './download.ts';
import { saveTable, type TableFile } from './save-table.ts';

/** The three pictures, or what was gained by the units and by every matched set. */
export async function savePainted(
  kind: TableFile,
  { params, result }: Finished<'paintUnits'>,
  { neurons }: Texts,
): Promise<void> {
  const { model, units, during, ...rest } = params;
  const { before, after, control, probability, gain, matched, percentile, change, device } = result;
  const pictures = await Promise.all(
    [
      { title: neurons.paintBefore, pixels: before },
      { title: neurons.paintAfter, pixels: after },
      { title: neurons.paintControl, pixels: control },
    ].map(async ({ title, pixels }) => ({ title, source: await dataUrl(pixels) })),
  );
  const row = (set: string, nats: number) => [
    set,
    probability.before,
    probability.before * Math.exp(nats),
    nats,
  ];
  await saveTable(kind, {
    kind: 'painted units',
    model,
    recipe: 'units set under a brush',
    device,
    parameters: { ...rest, units: [...units], during: [...during], change: { ...change } },
    name: ['painted', params.concept, params.site],
    head: ['set', 'probability_before', 'probability_after', 'gain_nats'],
    rows: [row('chosen', gain), ...matched.map((nats, i) => row(`matched ${i + 1}`, nats))],
    svg: (settings) =>
      picturesSvg(
        pictures,
        {
          title: `${params.prompt} · ${params.concept}`,
          lines: [
            `${small(probability.before)} → ${small(probability.after)}`,
            neurons.paintSwarm({ sets: matched.length, percentile: share(percentile) }),
          ],
        },
        settings,
      ),
  });
}
