import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { PromptReading } from '../../../protocol/jobs.ts';
import type { Drawing, Edit, Steering } from '../../../protocol/steer.ts';
import { isPlain } from '../../../state/edit-link.ts';
import { type Finished, type Run, shownOf } from '../../../state/run.ts';
import { useAddress, useRun, useVitrine } from '../../context.ts';

export interface SteerShown {
  readonly edit: Edit;
  readonly plain: boolean;
  readonly run: Run<'steer'> | Run<'generate'>;
  /** The picture as prompted, or the earlier edit that was kept on the left. */
  readonly source: Drawing | undefined;
  readonly pinned: boolean;
  readonly target: Drawing | undefined;
  /** The steered run whose pictures are shown, when they are not the plain picture twice. */
  readonly steering: Steering | undefined;
  readonly recipe: string;
  /** The words of the second prompt as the model read them; undefined until it did. */
  readonly reading: PromptReading | undefined;
  readonly sourceReading: PromptReading | undefined;
}

/** What the steering shows: the edit of the address, both pictures, and the run that is going on. */
export function useEdit(): SteerShown {
  const edit = useAddress((address) => address.attention.edit);
  const generate = useRun('generate');
  const steer = useRun('steer');
  const against = useAddress((address) => address.attention.against);
  const other = useStore(useVitrine().runs.against.store);
  return useMemo(() => {
    const plain = isPlain(edit);
    const pinned = !isPlain(against);
    const earlier = pinned ? shownOf(other)?.result.target : undefined;
    const first = shownOf(generate);
    const second: Finished<'steer'> | undefined = shownOf(steer);
    if (plain) {
      const drawing = first?.result;
      return {
        edit,
        plain,
        run: generate,
        source: pinned ? earlier : drawing,
        pinned,
        target: drawing,
        steering: undefined,
        recipe: '',
        reading: drawing?.reading,
        sourceReading: drawing?.reading,
      };
    }
    // Until the first steered picture is there, the plain one stands on both sides.
    const source = pinned ? earlier : (second?.result.source ?? first?.result);
    return {
      edit,
      plain,
      run: steer,
      source,
      pinned,
      target: second?.result.target ?? first?.result,
      steering: second?.result,
      recipe: second?.params.edit.recolour?.recipe ?? '',
      reading: second?.result.target.reading ?? first?.result.reading,
      sourceReading: second?.result.source.reading ?? first?.result.reading,
    };
  }, [edit, against, generate, steer, other]);
}

/** Changes the edit and draws it. */
export function useChangeEdit(): (change: Partial<Edit>) => void {
  const vitrine = useVitrine();
  return (change) => {
    const { edit } = vitrine.address.getState().attention;
    vitrine.change('attention', { edit: { ...edit, ...change } }, 'push');
    vitrine.run();
  };
}
