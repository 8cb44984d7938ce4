import { useMemo } from 'react';
import { ProbabilityBars } from '../../charts/probability-bars.tsx';
import type { HeadReport } from '../../protocol/concepts.ts';
import { LIMITS } from '../../state/address.ts';
import { type Finished, shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { share } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { JobState } from './job-state.tsx';
import styles from './parts.module.css';
import { propertyName } from './property-name.ts';
import { useAblation, useHeadsLeftOut } from './use-heads.ts';

/** Right of the heads: one head's words, and what the model can no longer tell without the chosen ones. */
export function HeadsInside() {
  const texts = useTexts();
  const chosen = useAddress((address) => address.concepts.head);
  const finished = shownOf(useRun('heads'));
  useAblation();
  if (!finished) return <p className={shell.small}>{texts.run.soon}</p>;
  const { heads } = finished.result;
  // The first visit shows the head that says most.
  const report =
    heads.find(({ layer, head }) => `${layer}.${head}` === chosen) ??
    heads.reduce((most, head) => (head.variance > most.variance ? head : most));
  return (
    <>
      <Words report={report} model={finished.params.model} device={finished.result.device} />
      <Without />
    </>
  );
}

function Words(props: { readonly report: HeadReport; readonly model: string; readonly device: string }) {
  const texts = useTexts();
  const { report, model, device } = props;
  const { layer, head, words, randomExplained } = report;
  const name = `${layer}.${head}`;
  const title = texts.parts.headName({ layer: layer + 1, head: head + 1 });
  const { without, leaveOut } = useHeadsLeftOut();
  const out = without.includes(name);
  const bars = useMemo(
    () => words.map(({ text, explained }) => ({ key: text, label: text, probability: explained })),
    [words],
  );
  return (
    <div className={shell.group}>
      <h2 className={shell.heading}>{title}</h2>
      <div className={styles.compact}>
        <ProbabilityBars
          bars={bars}
          order="given"
          baseline={randomExplained}
          texts={{
            caption: texts.parts.spanWords,
            label: texts.parts.word,
            value: texts.parts.explained,
            baseline: texts.parts.randomWords,
          }}
        />
      </div>
      <p className={shell.small}>
        {texts.parts.spanWords}. {texts.parts.spanHint({ value: share(randomExplained) })}
      </p>
      <div className={shell.row}>
        <Button
          disabled={!out && without.length >= LIMITS.without}
          aria-pressed={out}
          onClick={() => leaveOut(out ? without.filter((entry) => entry !== name) : [...without, name])}
        >
          {out ? texts.parts.putBack : texts.parts.leaveOut}
        </Button>
      </div>
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveTable } = await import('../saving/save-table.ts');
          await saveTable(kind, {
            kind: 'head',
            model,
            recipe: 'textspan',
            device,
            parameters: { layer, head, randomExplained },
            name: ['head', `${layer + 1}.${head + 1}`],
            head: ['word', 'explained'],
            rows: words.map(({ text, explained }) => [text, explained]),
            bars: {
              title,
              unit: texts.parts.explained,
              bars: words.map(({ text, explained }) => ({ label: text, value: explained })),
            },
          });
        }}
      />
    </div>
  );
}

function Without() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('ablateHeads');
  const { without } = useHeadsLeftOut();
  const finished = shownOf(run);
  if (without.length === 0) {
    return (
      <div className={shell.group}>
        <h2 className={shell.heading}>{texts.parts.ablation}</h2>
        <p className={shell.small}>{texts.parts.ablationNone}</p>
      </div>
    );
  }
  return (
    <div className={shell.group} aria-busy={run.status === 'running'}>
      <h2 className={shell.heading}>{texts.parts.ablation}</h2>
      <JobState
        run={run}
        describe={(done, total) => texts.parts.sceneCount({ done, total })}
        onCancel={vitrine.runs.ablateHeads.cancel}
      />
      {finished && (
        <table className={styles.ablation}>
          <thead>
            <tr>
              <th scope="col">{texts.parts.property}</th>
              <th scope="col">{texts.parts.intact}</th>
              <th scope="col">{texts.parts.ablated}</th>
              <th scope="col">{texts.parts.random}</th>
            </tr>
          </thead>
          <tbody>
            {finished.result.rows.map(({ property, intact, ablated, random }) => (
              <tr key={property}>
                <th scope="row">{propertyName(property, texts)}</th>
                <td>{share(intact)}</td>
                <td data-hit={ablated < random.low}>{share(ablated)}</td>
                <td>
                  {share(random.low)} – {share(random.high)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {finished && <SaveAblation finished={finished} />}
      <p className={shell.small}>{texts.parts.ablationHint}</p>
    </div>
  );
}

function SaveAblation({ finished: { params, result } }: { readonly finished: Finished<'ablateHeads'> }) {
  const texts = useTexts();
  return (
    <SaveButtons
      kinds={['png', 'svg', 'csv', 'json']}
      save={async (kind) => {
        const { saveTable } = await import('../saving/save-table.ts');
        const { listingSvg } = await import('../../exports/listing-svg.ts');
        const { scenes, seed, heads } = params;
        const left = heads.map(({ layer, head }) => `${layer}.${head}`);
        await saveTable(kind, {
          kind: 'heads-ablated',
          model: params.model,
          recipe: 'mean-ablation',
          device: result.device,
          parameters: { scenes, seed, heads: left },
          name: ['without', ...left.slice(0, 4)],
          head: ['property', 'intact', 'ablated', 'random_low', 'random_high'],
          rows: result.rows.map(({ property, intact, ablated, random }) => [
            property,
            intact,
            ablated,
            random.low,
            random.high,
          ]),
          svg: (settings) =>
            listingSvg(
              {
                title: `${texts.parts.ablation}: ${left.join(' ')}`,
                columns: [
                  { label: texts.parts.property, width: 160, align: 'start' },
                  { label: texts.parts.intact, width: 90, align: 'end' },
                  { label: texts.parts.ablated, width: 90, align: 'end' },
                  { label: texts.parts.random, width: 150, align: 'end' },
                ],
                rows: result.rows.map(({ property, intact, ablated, random }) => ({
                  cells: [
                    propertyName(property, texts),
                    share(intact),
                    share(ablated),
                    `${share(random.low)} – ${share(random.high)}`,
                  ],
                })),
              },
              settings,
            ),
        });
      }}
    />
  );
}
