import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { AskAddress } from '../../state/ask-address.ts';
import { wordHeat } from '../../state/ask-heat.ts';
import { shownOf } from '../../state/run.ts';
import { useAddress, useRun, useVitrine } from '../context.ts';

/** Everything that the parts of the ask view show: the answer, what was found out about it, and the chosen word. */
export function useAsk() {
  const committed = useAddress((address) => address.ask);
  const run = useRun('answer');
  const explained = useRun('explainAnswer');
  const ablated = useRun('ablatePatches');
  const finished = shownOf(run);
  const answer = run.status === 'done' ? finished : undefined;
  const ids = answer?.result.tokens.map(({ id }) => id).join(' ');
  // A result of another answer must not stand beside this one.
  const explanation =
    explained.status === 'done' && explained.params.answer.join(' ') === ids ? explained.result : undefined;
  const ablation =
    ablated.status === 'done' &&
    ablated.params.answer.join(' ') === ids &&
    ablated.params.level === committed.level
      ? ablated.result
      : undefined;
  // What a model's structure has no answer for is not asked: its attention is shown instead.
  const lacking = explanation?.without?.some((method) => method === committed.method) ?? false;
  const ask = useMemo<AskAddress>(
    () => (lacking ? { ...committed, method: 'attention' } : committed),
    [committed, lacking],
  );
  const count = explanation?.tokens.length ?? 0;
  const word = Math.min(ask.word, Math.max(0, count - 1));
  const token = explanation?.tokens[word];
  const choice = useMemo(() => ({ layer: ask.layer, head: ask.head }), [ask.layer, ask.head]);
  const heat = useMemo(
    () => explanation && wordHeat(explanation, ablation, word, ask.method, choice),
    [explanation, ablation, word, ask.method, choice],
  );
  return { ask, run, answer, finished, explained, explanation, ablated, ablation, word, token, choice, heat };
}

export type Asked = ReturnType<typeof useAsk>;

/** The largest magnitude of a map: the end of its scale. */
export function peakOf(values: Float32Array): number {
  return values.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
}

/** Changes the view's fields, and starts what they ask for. */
export function useChange() {
  const vitrine = useVitrine();
  return (fields: Partial<AskAddress>, mode: 'push' | 'replace' = 'push'): void => {
    vitrine.change('ask', fields, mode);
    vitrine.run();
  };
}

/** A run of the ask view that is no job's own name. */
export function useChangedAnswer() {
  return useStore(useVitrine().runs.changedAnswer.store);
}
