import { useAddress, useTexts } from '../context.ts';
import shell from '../shell/shell.module.css';
import { NamedCard } from './named-card.tsx';
import { UnitCard } from './unit-card.tsx';
import { useRows } from './use-rows.ts';

/** Right of the neurons view: the opened unit. */
export function NeuronsInside() {
  const texts = useTexts();
  const unit = useAddress((address) => address.neurons.unit);
  const panel = useAddress((address) => address.neurons.panel);
  const { rows, state } = useRows();
  if (panel === 'words') return <NamedCard />;
  if (state === 'none') return null;
  const row = unit === 'none' ? undefined : rows.find((entry) => entry.unit === unit);
  return row ? <UnitCard row={row} /> : <p className={shell.small}>{texts.neurons.pickRow}</p>;
}
