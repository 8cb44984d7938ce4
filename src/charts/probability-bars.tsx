import { format as numberFormat } from 'd3-format';
import { useMemo } from 'react';
import { BarTable, type BarTexts } from './bar-table.tsx';
import { type BarOrder, layoutBars } from './bars.ts';

export interface ProbabilityBarsProps {
  readonly bars: readonly { readonly key: string; readonly label: string; readonly probability: number }[];
  readonly texts: BarTexts & {
    /** Names the dashed line at 1 / choices, as "uniform 12.5%". */
    readonly baseline: string;
  };
  /** Probability of a choice by chance; default 1 / number of bars. */
  readonly baseline?: number;
  /** Default `descending`. */
  readonly order?: BarOrder;
  readonly selected?: string | undefined;
  readonly onSelect?: ((key: string) => void) | undefined;
}

const percent = numberFormat('.1%');

/** Probabilities on the whole of [0, 1], with the uniform share marked in every row. */
export function ProbabilityBars(props: ProbabilityBarsProps) {
  const { bars, texts, order = 'descending', selected, onSelect } = props;
  const layout = useMemo(
    () =>
      layoutBars(
        bars.map(({ key, label, probability }) => ({ key, label, value: probability })),
        { width: 100 },
        { order, domain: [0, 1] },
      ),
    [bars, order],
  );
  const baseline = props.baseline ?? (bars.length > 0 ? 1 / bars.length : 0);
  return (
    <BarTable
      layout={layout}
      texts={texts}
      format={percent}
      selected={selected}
      onSelect={onSelect}
      baseline={{ x: 100 * baseline, label: texts.baseline }}
    />
  );
}
