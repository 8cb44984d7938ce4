import { shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { FailureMessage } from '../failure.tsx';
import { activation } from '../figures.ts';
import shell from '../shell/shell.module.css';
import { UnitExamples } from './unit-examples.tsx';

/** Right of the named units: the opened one with the pictures that it was named by. */
export function NamedCard() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const unit = useAddress((address) => address.neurons.unit);
  const named = shownOf(useRun('nameUnits'));
  const examples = useRun('namedUnit');
  const { neurons, naming } = texts;
  if (!named) return null;
  const row = unit === 'none' ? undefined : named.result.rows.find((entry) => entry.unit === unit);
  if (!row) return <p className={shell.small}>{neurons.pickRow}</p>;
  const mine = examples.status !== 'idle' && examples.params.unit === row.unit;
  return (
    <section className={shell.group} aria-label={neurons.unitTitle({ unit: row.unit })}>
      <div className={shell.row} style={{ justifyContent: 'space-between' }}>
        <h2 className={shell.lead}>{neurons.unitTitle({ unit: row.unit })}</h2>
        <Button look="quiet" onClick={() => vitrine.change('neurons', { unit: 'none' }, 'push')}>
          {texts.page.close}
        </Button>
      </div>
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
      {mine && examples.status === 'running' && (
        <p className={shell.small} role="status">
          {neurons.loadingUnit}
        </p>
      )}
      {mine && examples.status === 'failed' && examples.failure.code !== 'cancelled' && (
        <FailureMessage failure={examples.failure} />
      )}
      {mine && examples.status === 'done' && <UnitExamples report={examples.result} hint={naming.unitHint} />}
    </section>
  );
}
