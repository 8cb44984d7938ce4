import { useEffect } from 'react';
import { ablateSurvey, headOf } from '../../state/concept-runs.ts';
import { useAddress, useRun, useVitrine } from '../context.ts';

/** The heads left out, and the zero-shot run that follows them once the heads have been read. */
export function useHeadsLeftOut() {
  const vitrine = useVitrine();
  const without = useAddress((address) => address.concepts.without);
  return {
    without,
    leaveOut: (heads: readonly string[]) => vitrine.change('concepts', { without: heads }, 'push'),
  };
}

/** Starts the ablation for the heads of the address; the survey behind it is the one that the heads were read on. */
export function useAblation(): void {
  const vitrine = useVitrine();
  const { without, model } = useAddress((address) => address.concepts);
  const ready = useRun('heads').status === 'done';
  useEffect(() => {
    if (!ready || without.length === 0) return;
    vitrine.runs.ablateHeads.start({ ...ablateSurvey(model), heads: without.map(headOf) });
  }, [vitrine, ready, without, model]);
}
