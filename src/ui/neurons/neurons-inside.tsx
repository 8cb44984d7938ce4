import { useMemo } from 'react';
import { categoryColour } from '../../charts/category.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { HeatLegend } from '../../charts/heat-legend.tsx';
import { Heatmap } from '../../charts/heatmap.tsx';
import type { DissectionRow, UnitReport } from '../../protocol/dissection.ts';
import { aboveThreshold } from '../../state/unit-heat.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { FailureMessage } from '../failure.tsx';
import { activation, overlap } from '../figures.ts';
import shell from '../shell/shell.module.css';
import { categories, categoryName } from './category-name.ts';
import styles from './neurons.module.css';
import { isDetector, useRows } from './use-rows.ts';

/** Right of the neurons view: the opened unit with its strongest scenes, and what all detectors are about. */
export function NeuronsInside() {
  const texts = useTexts();
  const unit = useAddress((address) => address.neurons.unit);
  const { rows, state } = useRows();
  if (state === 'none') return null;
  const row = unit === 'none' ? undefined : rows.find((entry) => entry.unit === unit);
  return (
    <>
      {row ? <Unit row={row} /> : <p className={shell.small}>{texts.neurons.pickRow}</p>}
      <Categories rows={rows} />
    </>
  );
}

function Unit({ row }: { readonly row: DissectionRow }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('unit');
  const { neurons } = texts;
  const mine = run.status !== 'idle' && run.params.unit === row.unit;
  return (
    <section className={shell.group} aria-label={neurons.unitTitle({ unit: row.unit })}>
      <div className={shell.row} style={{ justifyContent: 'space-between' }}>
        <h2 className={shell.lead}>{neurons.unitTitle({ unit: row.unit })}</h2>
        <Button look="quiet" onClick={() => vitrine.change('neurons', { unit: 'none' }, 'push')}>
          {texts.page.close}
        </Button>
      </div>
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
      {mine && run.status === 'running' && (
        <p className={shell.small} role="status">
          {neurons.loadingUnit}
        </p>
      )}
      {mine && run.status === 'failed' && run.failure.code !== 'cancelled' && (
        <FailureMessage failure={run.failure} />
      )}
      {mine && run.status === 'done' && <Examples report={run.result} threshold={row.threshold} />}
    </section>
  );
}

function Examples({ report, threshold }: { readonly report: UnitReport; readonly threshold: number }) {
  const texts = useTexts();
  const { neurons } = texts;
  const shown = useMemo(
    () =>
      report.examples.map((example) => ({ ...example, heat: aboveThreshold(example.activation, threshold) })),
    [report, threshold],
  );
  const max = Math.max(0, ...report.examples.map(({ peak }) => peak));
  const scale = useMemo<HeatScale>(() => ({ kind: 'sequential', max, palette: 'inferno' }), [max]);
  return (
    <>
      <ul className={styles.examples}>
        {shown.map(({ sceneSeed, caption, image, heat, peak }) => (
          <li key={sceneSeed}>
            <figure>
              <Heatmap
                image={image}
                heat={heat}
                scale={scale}
                label={neurons.examplePeak({ caption, peak: activation(peak) })}
                describe={({ value }) => activation(value)}
              />
              <figcaption>{neurons.examplePeak({ caption, peak: activation(peak) })}</figcaption>
            </figure>
          </li>
        ))}
      </ul>
      <HeatLegend
        scale={scale}
        label={neurons.legend}
        baseline={{ value: threshold, label: neurons.threshold }}
      />
      <p className={shell.small}>{neurons.unitHint}</p>
    </>
  );
}

/** How many detectors each category has. */
function Categories({ rows }: { readonly rows: readonly DissectionRow[] }) {
  const texts = useTexts();
  const counts = useMemo(() => {
    const detectors = rows.filter(isDetector);
    return categories.map((category) => ({
      category,
      count: detectors.filter((row) => row.category === category).length,
    }));
  }, [rows]);
  const most = Math.max(1, ...counts.map(({ count }) => count));
  return (
    <section className={shell.group}>
      <h2 className={shell.heading}>{texts.neurons.categories}</h2>
      <dl className={styles.histogram}>
        {counts.map(({ category, count }) => (
          <div key={category} style={{ display: 'contents' }}>
            <dt>
              <span>{categoryName(category, texts)}</span>
            </dt>
            <dd>
              <span className={styles.track} aria-hidden="true">
                <span style={{ width: `${(100 * count) / most}%`, background: categoryColour(category) }} />
              </span>
              <span className={styles.count}>{count}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
