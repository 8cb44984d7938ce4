import type { Steering } from '../../protocol/steer.ts';
import { useVitrine } from '../context.ts';
import { SaveButtons } from './save-buttons.tsx';

/** What of a steered pair may be saved. */
export function SteerSave({ steering }: { readonly steering: Steering }) {
  const vitrine = useVitrine();
  return (
    <SaveButtons
      kinds={['png', 'json', 'npz']}
      save={async (kind) => {
        const { saveSteering } = await import('./save-steering.ts');
        await saveSteering(kind, steering, vitrine.address.getState().attention);
      }}
    />
  );
}
