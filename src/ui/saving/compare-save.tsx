import type { HeatScale } from '../../charts/heat.ts';
import type { Generation } from '../../protocol/jobs.ts';
import type { PairHeats } from '../../state/drawing-heat.ts';
import type { Finished } from '../../state/run.ts';
import { useVitrine } from '../context.ts';
import { SaveButtons } from './save-buttons.tsx';

/** What of a comparison may be saved: both pictures as they stand, the lit word's maps and their difference, every map of both. */
export function CompareSave(props: {
  readonly first: Finished<'generate'>;
  readonly second: Finished<'generate'>;
  readonly heats: PairHeats | undefined;
  readonly scale: HeatScale;
}) {
  const { first, second, heats, scale } = props;
  const vitrine = useVitrine();
  const side = ({ reading, image, attention }: Generation) => ({ reading, image, attention });
  return (
    <SaveButtons
      kinds={['png', 'svg', 'csv', 'json', 'npz']}
      save={async (kind) => {
        const [{ savePair }, { hashesOf }] = await Promise.all([
          import('./save-pair.ts'),
          import('./download.ts'),
        ]);
        const { words, opacity } = vitrine.address.getState().attention;
        await savePair(kind, {
          settings: {
            kind: 'comparison',
            model: first.params.model,
            sha256: hashesOf(first.params.model),
            recipe: 'daam',
            device: second.result.device,
            link: location.href,
            parameters: {
              left: { ...first.params },
              right: { ...second.params, sha256: hashesOf(second.params.model) },
              word: words.at(-1) ?? '',
            },
          },
          name: ['comparison', first.params.prompt, second.params.prompt],
          first: side(first.result),
          second: side(second.result),
          heats,
          scale,
          opacity: opacity / 100,
          data: {},
        });
      }}
    />
  );
}
