import { type ReactNode, useMemo, useState } from 'react';
import { NullSwarm } from '../../charts/null-swarm.tsx';
import type { Pixels } from '../../protocol/image.ts';
import { regionCells, regionOf } from '../../protocol/region.ts';
import { cleanText, LIMITS } from '../../state/address.ts';
import { trialOf } from '../../state/neurons.ts';
import type { Finished } from '../../state/run.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { NumberField } from '../controls/number-field.tsx';
import { PaintField } from '../controls/paint-field.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { share, small, times } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import { PromptField } from '../prompt-field.tsx';
import { RunFailure } from '../run-failure.tsx';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import { Intro } from './intro.tsx';
import styles from './neurons.module.css';
import { UnitChoice } from './unit-choice.tsx';
import { useRows } from './use-rows.ts';

/** Units switched on under a brush while a picture is drawn: what they detect may appear there. */
export function PaintPanel() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { rows, state } = useRows();
  const address = useAddress((now) => now.neurons);
  const run = useRun('paintUnits');
  const trial = useMemo(() => trialOf(address, rows), [address, rows]);
  const [drawn, setDrawn] = useDraft(address.drawn);
  const [seed, setSeed] = useDraft(address.drawnSeed);
  const [strength, setStrength] = useDraft(address.strength);
  const [empty, setEmpty] = useState(false);
  const cells = useMemo(() => regionCells(address.region), [address.region]);
  const { neurons } = texts;
  if (!address.site.startsWith('unet.')) {
    return <Intro lead={neurons.paintLead} next={neurons.paintNeedsDrawer} />;
  }
  if (state === 'none' || !trial) return <Intro lead={neurons.paintLead} next={neurons.paintNeedsTable} />;
  const mine =
    run.status !== 'idle' &&
    run.params.model === address.model &&
    run.params.site === address.site &&
    run.params.units.join() === trial.units.join();
  const finished = mine && run.status === 'done' ? run : undefined;
  const going = mine && run.status === 'running' ? run.progress : undefined;
  const before = finished?.result.before ?? going?.before;
  const after = finished?.result.after ?? going?.after;
  const start = (): void => {
    const prompt = cleanText(drawn);
    setEmpty(prompt === '');
    if (prompt === '') return;
    vitrine.change('neurons', { drawn: prompt, drawnSeed: seed, strength, paint: true }, 'push');
    vitrine.run();
  };
  return (
    <>
      <p className={shell.lead}>{neurons.paintLead}</p>
      <UnitChoice rows={rows} trial={trial} title={neurons.paintUnits} remove={neurons.paintLess} />
      <div className={styles.chooser}>
        <PromptField
          label={neurons.paintPrompt}
          model={address.model}
          draft={drawn}
          committed={address.drawn}
          empty={empty}
          onChange={setDrawn}
          onRun={start}
        />
        <NumberField
          label={neurons.paintStrength}
          hint={neurons.paintStrengthHint}
          value={strength}
          range={LIMITS.strength}
          step={0.5}
          onChange={setStrength}
        />
        <NumberField label={neurons.paintSeed} value={seed} range={LIMITS.seed} onChange={setSeed} />
      </div>
      <ul className={styles.painted}>
        <Side title={neurons.paintBefore} pixels={before} waiting={neurons.paintBrushHint}>
          <PaintField
            cells={cells}
            onPaint={(next) => vitrine.change('neurons', { region: regionOf(next), paint: false }, 'replace')}
          />
        </Side>
        <Side title={neurons.paintAfter} pixels={after} waiting={neurons.paintWaiting} />
        <Side title={neurons.paintControl} pixels={finished?.result.control} waiting={neurons.paintWaiting} />
      </ul>
      {run.status === 'running' ? (
        <div className={styles.narrow}>
          <ProgressLine
            progress={run.progress}
            describe={neurons.paintDoing}
            onCancel={vitrine.runs.paintUnits.cancel}
          />
        </div>
      ) : (
        <div>
          <Button look="primary" onClick={start}>
            {neurons.paintStart}
          </Button>
        </div>
      )}
      {mine && <RunFailure run={run} stopped={texts.run.stopped} />}
      {finished && <Verdict finished={finished} />}
    </>
  );
}

function Side(props: {
  readonly title: string;
  readonly pixels: Pixels | undefined;
  /** Stands in the frame until there is a picture. */
  readonly waiting: string;
  readonly children?: ReactNode;
}) {
  const { title, pixels, waiting, children } = props;
  return (
    <li>
      <figure>
        <div className={styles.canvas}>
          {pixels ? <PixelsCanvas pixels={pixels} label={title} /> : <p>{waiting}</p>}
          {children}
        </div>
        <figcaption>{title}</figcaption>
      </figure>
    </li>
  );
}

function Verdict({ finished }: { readonly finished: Finished<'paintUnits'> }) {
  const texts = useTexts();
  const { neurons } = texts;
  const { params, result } = finished;
  const { probability, gain, matched, percentile, change } = result;
  return (
    <>
      <p className={styles.verdict} role="status">
        {neurons.paintVerdict({
          concept: params.concept,
          judge: params.judge,
          before: small(probability.before),
          after: small(probability.after),
          percentile: share(percentile),
          sets: matched.length,
        })}
      </p>
      <section className={shell.group} aria-label={neurons.paintGain}>
        <h2 className={shell.heading}>{neurons.paintGain}</h2>
        <NullSwarm
          values={matched}
          mark={{ value: gain, label: neurons.refereeMark({ loss: times(gain) }) }}
          dot={neurons.refereeDot}
          label={neurons.paintSwarm({ sets: matched.length, percentile: share(percentile) })}
          format={times}
        />
      </section>
      <p className={shell.small}>
        {neurons.paintChange({ inside: share(change.inside), outside: share(change.outside) })}{' '}
        {neurons.paintHow}
      </p>
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { savePainted } = await import('../saving/save-painted.ts');
          await savePainted(kind, finished, texts);
        }}
      />
    </>
  );
}
