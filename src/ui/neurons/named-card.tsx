import { shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts } from '../context.ts';
import { activation } from '../figures.ts';
import shell from '../shell/shell.module.css';
import { UnitExamples } from './unit-examples.tsx';
import { UnitFrame, UnitPart } from './unit-frame.tsx';

/** Right of the named units: the opened one with the pictures that it was named by. */
export function NamedCard() {
  const texts = useTexts();
  const unit = useAddress((address) => address.neurons.unit);
  const named = shownOf(useRun('nameUnits'));
  const examples = useRun('namedUnit');
  const { neurons, naming } = texts;
  if (!named) return null;
  const row = unit === 'none' ? undefined : named.result.rows.find((entry) => entry.unit === unit);
  if (!row) return <p className={shell.small}>{neurons.pickRow}</p>;
  const mine = examples.status !== 'idle' && examples.params.unit === row.unit;
  return (
    <UnitFrame unit={row.unit}>
      <p className={shell.small}>
        {row.dead ? (
          neurons.unitDead
        ) : (
          <>
            {naming.unitNamed({ concept: row.concept, score: activation(row.score) })}
            <br />
            {naming.unitNext({ words: row.next.map(({ concept }) => concept).join(', ') })}
          </>
        )}
      </p>
      {mine && <UnitPart run={examples} loading={neurons.loadingUnit} />}
      {mine && examples.status === 'done' && <UnitExamples report={examples.result} hint={naming.unitHint} />}
    </UnitFrame>
  );
}
