import { useMemo } from 'react';
import { NullSwarm } from '../../charts/null-swarm.tsx';
import { StackedBars } from '../../charts/stacked-bars.tsx';
import type { RefereeReport } from '../../protocol/dissection.ts';
import { trialOf } from '../../state/neurons.ts';
import type { Finished } from '../../state/run.ts';
import { quantile } from '../../tensor/statistics.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { overlap, share } from '../figures.ts';
import { RunFailure } from '../run-failure.tsx';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { Intro } from './intro.tsx';
import styles from './neurons.module.css';
import { UnitChoice } from './unit-choice.tsx';
import { useRows } from './use-rows.ts';

/** Units switched off: what the model can then no longer tell, against as many random live units. */
export function RefereePanel() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { rows, state } = useRows();
  const address = useAddress((now) => now.neurons);
  const run = useRun('referee');
  const trial = useMemo(() => trialOf(address, rows), [address, rows]);
  const { neurons } = texts;
  if (state === 'none' || !trial) {
    return <Intro lead={neurons.refereeLead} next={neurons.refereeNeedsTable} />;
  }
  const mine =
    run.status !== 'idle' &&
    run.params.model === address.model &&
    run.params.site === address.site &&
    run.params.concept === trial.concept &&
    run.params.units.join() === trial.units.join();
  const finished = mine && run.status === 'done' ? run : undefined;
  return (
    <>
      <p className={shell.lead}>{neurons.refereeLead}</p>
      <UnitChoice rows={rows} trial={trial} title={neurons.refereeUnits} remove={neurons.switchOn} />
      {run.status === 'running' ? (
        <div className={styles.narrow}>
          <ProgressLine
            progress={run.progress}
            describe={neurons.refereeDoing}
            onCancel={vitrine.runs.referee.cancel}
          />
        </div>
      ) : (
        !finished && (
          <div>
            <Button
              look="primary"
              onClick={() => {
                vitrine.change('neurons', { trial: true }, 'push');
                vitrine.run();
              }}
            >
              {neurons.refereeStart}
            </Button>
          </div>
        )
      )}
      {mine && <RunFailure run={run} stopped={texts.run.stopped} />}
      {mine && run.status === 'running' && run.progress?.matched && run.progress.matched.length > 1 && (
        <NullSwarm
          values={run.progress.matched}
          mark={undefined}
          dot={neurons.refereeDot}
          label={neurons.refereeLoss}
          format={share}
        />
      )}
      {finished && <Verdict finished={finished} />}
    </>
  );
}

/** From this share of the matched sets on, an effect is more than chance. */
const TELLING = 0.95;

function Verdict({ finished }: { readonly finished: Finished<'referee'> }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { neurons } = texts;
  const { params, result } = finished;
  const { intact, ablated, matched, percentile } = result;
  const loss = intact.probability - ablated.probability;
  const { outcome, judge = '' } = result;
  const words = {
    gives: neurons[`refereeGives_${outcome}`]({
      concept: params.concept,
      intact: share(intact.probability),
      off: share(ablated.probability),
    }),
    percentile: share(percentile),
    sets: matched.length,
  };
  return (
    <>
      <p className={styles.verdict} role="status">
        {percentile >= TELLING ? neurons.refereeVerdict(words) : neurons.refereeNone(words)}
      </p>
      <section className={shell.group} aria-label={neurons.refereeLoss}>
        <h2 className={shell.heading}>{neurons.refereeLoss}</h2>
        <NullSwarm
          values={matched}
          mark={{
            value: loss,
            label: neurons.refereeMark({ loss: share(loss) }),
          }}
          dot={neurons.refereeDot}
          label={neurons.refereeSwarm({ sets: matched.length, percentile: share(percentile) })}
          format={share}
        />
      </section>
      <Before result={result} />
      <p className={shell.small}>
        {outcome !== 'answer' &&
          neurons.refereeNamed({
            intact: share(intact.named),
            off: share(ablated.named),
            concept: params.concept,
            names: result.names.length,
          })}{' '}
        {outcome === 'picture'
          ? neurons.refereeDrawn({ pictures: result.scenesWith, judge })
          : [
              neurons.refereeAuc({ intact: overlap(intact.auc), off: overlap(ablated.auc) }),
              neurons.refereeScenes({ present: result.scenesWith, absent: result.scenesWithout }),
            ].join(' ')}{' '}
        {neurons[`refereeChance_${outcome}`]} {neurons.refereeMatch({ ratio: overlap(result.matchRatio) })}
      </p>
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveReferee } = await import('../saving/save-referee.ts');
          await saveReferee(kind, finished, vitrine.engine.store.getState().info?.device ?? '', texts);
        }}
      />
    </>
  );
}

function Before({ result }: { readonly result: RefereeReport }) {
  const { neurons } = useTexts();
  const median = result.intact.probability - quantile(result.matched, 0.5);
  const full = Math.max(result.intact.probability, result.ablated.probability, median, 0.01);
  const bar = (key: string, label: string, value: number, colour: string) => ({
    key,
    label,
    parts: [{ key, label, value: Math.max(0, value), colour }],
  });
  return (
    <StackedBars
      rows={[
        bar('intact', neurons.refereeIntact, result.intact.probability, 'var(--ink-2)'),
        bar('off', neurons.refereeOff, result.ablated.probability, 'var(--accent)'),
        bar('matched', neurons.refereeMatched, median, 'var(--ink-3)'),
      ]}
      texts={{
        caption: neurons[`refereeChance_${result.outcome}`],
        label: neurons.refereeUnits,
        total: neurons.refereeProbability,
      }}
      max={full}
      format={share}
    />
  );
}
