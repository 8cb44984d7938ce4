import { format as numberFormat } from 'd3-format';
import { useMemo } from 'react';
import { BarAxis, BarTable, type BarTexts } from './bar-table.tsx';
import { type Bar, type BarOrder, layoutBars } from './bars.ts';

export interface ConceptBarsProps {
  readonly bars: readonly Bar[];
  readonly texts: BarTexts & {
    /** Said of a bar that does not leave its null band, as "no different from random words". */
    readonly inside: string;
  };
  /** Default `given`. */
  readonly order?: BarOrder;
  /** Default: the smallest round interval that holds zero, values and bands. */
  readonly domain?: readonly [number, number];
  /** Default: three decimals with sign. */
  readonly format?: (value: number) => string;
  /** Key of the chosen bar. */
  readonly selected?: string | undefined;
  /** Makes the labels buttons. */
  readonly onSelect?: ((key: string) => void) | undefined;
}

const signed = numberFormat('+.3f');

/** A signed figure for each concept, over the grey band of what random words reach. */
export function ConceptBars(props: ConceptBarsProps) {
  const { bars, texts, order = 'given', domain, format = signed, selected, onSelect } = props;
  const layout = useMemo(
    () => layoutBars(bars, { width: 100 }, { order, ...(domain && { domain }) }),
    [bars, order, domain],
  );
  return (
    <BarTable
      layout={layout}
      texts={texts}
      format={format}
      selected={selected}
      onSelect={onSelect}
      note={(mark) => (mark.inside ? texts.inside : undefined)}
      axis={<BarAxis layout={layout} format={String} />}
    />
  );
}
