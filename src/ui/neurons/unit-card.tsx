import type { DissectionRow } from '../../protocol/dissection.ts';
import { LIMITS } from '../../state/address.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { overlap } from '../figures.ts';
import shell from '../shell/shell.module.css';
import { categoryName } from './category-name.ts';
import { UnitFiguresView, UnitSentenceView } from './unit-evidence-view.tsx';
import { UnitExamples } from './unit-examples.tsx';
import { UnitFrame, UnitPart } from './unit-frame.tsx';

/** One unit: what it detects, in words and with its evidence, and the scenes that drive it. */
export function UnitCard({ row }: { readonly row: DissectionRow }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const examples = useRun('unit');
  const evidence = useRun('unitEvidence');
  const { neurons } = texts;
  const mine = examples.status !== 'idle' && examples.params.unit === row.unit;
  const weighed = evidence.status !== 'idle' && evidence.params.unit === row.unit;
  // The figures come before the sentence, which is found on many more pictures.
  const figures =
    evidence.status === 'done'
      ? evidence.result
      : evidence.status === 'running'
        ? evidence.trail.findLast((progress) => progress.figures !== undefined)?.figures
        : undefined;
  return (
    <UnitFrame unit={row.unit}>
      {row.dead ? (
        <p className={shell.small}>{neurons.unitDead}</p>
      ) : (
        <p className={shell.small}>
          {neurons.unitDetects({
            concept: row.concept,
            category: categoryName(row.category, texts),
            iou: overlap(row.iou),
          })}
          <br />
          {neurons.unitRunnerUp({ concept: row.runnerUp, iou: overlap(row.runnerUpIou) })}
        </p>
      )}
      {weighed && evidence.status === 'done' && <UnitSentenceView sentence={evidence.result.sentence} />}
      {mine && <UnitPart run={examples} loading={neurons.loadingUnit} />}
      {mine && examples.status === 'done' && (
        <UnitExamples report={examples.result} threshold={row.threshold} />
      )}
      {weighed && evidence.status === 'running' ? (
        <ProgressLine
          progress={evidence.progress}
          describe={(progress) => `${neurons.loadingEvidence}, ${neurons.sceneOf(progress)}`}
          onCancel={vitrine.runs.unitEvidence.cancel}
        />
      ) : (
        weighed && <UnitPart run={evidence} loading={neurons.loadingEvidence} />
      )}
      {weighed && figures && <UnitFiguresView row={row} figures={figures} />}
      {!row.dead && <OffSwitch row={row} />}
    </UnitFrame>
  );
}

/** Puts the unit on the list of those that the referee switches off. */
function OffSwitch({ row }: { readonly row: DissectionRow }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { off, panel } = useAddress((address) => address.neurons);
  const { neurons } = texts;
  const name = String(row.unit);
  const switched = off.includes(name);
  return (
    <div className={shell.row}>
      <Button
        aria-pressed={switched}
        disabled={!switched && off.length >= LIMITS.off}
        onClick={() =>
          vitrine.change(
            'neurons',
            {
              off: switched ? off.filter((other) => other !== name) : [...off, name],
              trial: false,
              paint: false,
              ...(off.length === 0 && { concept: `${row.category}.${row.concept}` }),
            },
            'push',
          )
        }
      >
        {switched ? neurons.switchOn : neurons.switchOff}
      </Button>
      {off.length > 0 && panel !== 'referee' && (
        <Button
          look="quiet"
          onClick={() => {
            vitrine.change('neurons', { panel: 'referee' }, 'push');
            vitrine.run();
          }}
        >
          {neurons.toReferee({ count: off.length })}
        </Button>
      )}
    </div>
  );
}
