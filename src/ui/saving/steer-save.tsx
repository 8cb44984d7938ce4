import type { HeatScale } from '../../charts/heat.ts';
import type { Steering } from '../../protocol/steer.ts';
import { drawingHeats } from '../../state/drawing-heat.ts';
import { writeEdit } from '../../state/edit-link.ts';
import { chipsOf } from '../../state/words.ts';
import { useVitrine } from '../context.ts';
import { SaveButtons } from './save-buttons.tsx';

/** What of a steered pair may be saved: the pictures, the lit word's maps on both, and the account of what was changed. */
export function SteerSave({ steering }: { readonly steering: Steering }) {
  const vitrine = useVitrine();
  return (
    <SaveButtons
      kinds={['png', 'svg', 'csv', 'json', 'npz']}
      save={async (kind) => {
        const [{ savePair }, { hashesOf }] = await Promise.all([
          import('./save-pair.ts'),
          import('./download.ts'),
        ]);
        const { source, target, change, account, device } = steering;
        const { model, prompt, seed, steps, guidance, edit, words, colours } =
          vitrine.address.getState().attention;
        const chip = chipsOf(target.reading).find(({ key }) => key === words.at(-1));
        const heats = chip && drawingHeats(source, target, chip);
        const scale: HeatScale = { kind: 'sequential', max: heats?.max ?? 1, palette: colours };
        await savePair(kind, {
          settings: {
            kind: 'steering',
            model,
            sha256: hashesOf(model),
            recipe: 'prompt-to-prompt',
            device,
            link: location.href,
            parameters: {
              ...{ prompt, seed, steps, guidance, edit: writeEdit(edit), target: edit.prompt },
              ...(chip && { word: chip.key }),
            },
          },
          name: ['steered', prompt, edit.prompt],
          first: source,
          second: target,
          heats,
          scale,
          opacity: null,
          data: { change, account: account.map((line) => ({ ...line })) },
        });
      }}
    />
  );
}
