import { useMemo } from 'react';
import { useStore } from 'zustand';
import { categoryColour } from '../../charts/category.ts';
import { DistributionChart } from '../../charts/distribution-chart.tsx';
import { StackedBars } from '../../charts/stacked-bars.tsx';
import type { DissectionRow } from '../../protocol/dissection.ts';
import { type ComparedConcept, compareRows } from '../../state/comparison.ts';
import { rivalOf } from '../../state/neurons.ts';
import { shownOf } from '../../state/run.ts';
import { dissectableSites } from '../../state/sites.ts';
import type { Texts } from '../../text/texts.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { ProgressLine } from '../controls/progress-line.tsx';
import { Segments } from '../controls/segments.tsx';
import { Select } from '../controls/select.tsx';
import { FailureMessage } from '../failure.tsx';
import { share } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { useModels } from '../use-models.ts';
import { CategoryLegend } from './category-legend.tsx';
import { Intro } from './intro.tsx';
import { shareParts } from './layer-rows.ts';
import styles from './neurons.module.css';
import { unitSiteLabel } from './unit-site-label.ts';
import { DETECTOR_IOU, rowsOf, useRows } from './use-rows.ts';

/** The layer against itself with shuffled weights, or against another layer, of another model too. */
export function ComparePanel() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { rows, state } = useRows();
  const address = useAddress((now) => now.neurons);
  const run = useStore(vitrine.runs.rival.store);
  const { neurons } = texts;
  if (state === 'none') return <Intro lead={neurons.compareLead} next={neurons.compareNeedsTable} />;
  const wanted = rivalOf(address);
  // The result of another pair is not this pair's.
  const mine =
    run.status !== 'idle' &&
    run.params.model === wanted.model &&
    run.params.site === wanted.site &&
    run.params.weights === wanted.weights;
  const other = mine ? rowsOf(run).rows : [];
  const finished = mine ? shownOf(run) : undefined;
  return (
    <>
      <p className={shell.lead}>{neurons.compareLead}</p>
      <Chooser />
      {mine && run.status === 'running' && (
        <div className={styles.narrow}>
          <ProgressLine
            progress={run.progress}
            describe={(progress) => `${neurons.compareDoing}, ${neurons.sceneOf(progress)}`}
            onCancel={vitrine.runs.rival.cancel}
          />
        </div>
      )}
      {mine && run.status === 'failed' && run.failure.code !== 'cancelled' && (
        <FailureMessage failure={run.failure} />
      )}
      {other.length > 0 && <Sides left={rows} right={other} />}
      {finished && run.status === 'done' && (
        <SaveButtons
          kinds={['png', 'svg', 'csv', 'json']}
          save={async (kind) => {
            const { saveComparison } = await import('../saving/save-comparison.ts');
            const ours = shownOf(vitrine.runs.dissect.store.getState());
            if (ours) await saveComparison(kind, ours, finished, texts);
          }}
        />
      )}
    </>
  );
}

function Chooser() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { against, otherModel, otherSite, model } = useAddress((now) => now.neurons);
  const sites = useStore(vitrine.runs.rivalSites.store);
  const models = useModels(
    otherModel === '' ? model : otherModel,
    ...(['contrastive', 'backbone', 'generative', 'diffusion'] as const),
  );
  const { neurons } = texts;
  const list = sites.status === 'done' ? dissectableSites(sites.result) : [];
  const change = (fields: Parameters<typeof vitrine.change<'neurons'>>[1]): void => {
    vitrine.change('neurons', fields, 'push');
    vitrine.run();
  };
  return (
    <div className={styles.chooser}>
      <Segments
        label={neurons.against}
        value={against}
        options={(['shuffled', 'layer'] as const).map((value) => ({
          value,
          label: neurons[`against_${value}`],
        }))}
        onChange={(value) =>
          change({
            against: value,
            ...(value === 'layer' && otherSite === '' && list[0] && { otherSite: list[0].name }),
          })
        }
      />
      {against === 'layer' && (
        <>
          <Select
            label={neurons.otherModel}
            value={otherModel === '' ? model : otherModel}
            options={models}
            onChange={(value) => change({ otherModel: value, otherSite: '' })}
          />
          <Select
            label={neurons.otherLayer}
            value={otherSite}
            options={[
              ...(otherSite === '' ? [{ value: '', label: '–' }] : []),
              ...list.map(({ name }) => ({ value: name, label: unitSiteLabel(name, texts) })),
            ]}
            onChange={(value) => change({ otherSite: value })}
          />
        </>
      )}
    </div>
  );
}

function Sides(props: { readonly left: readonly DissectionRow[]; readonly right: readonly DissectionRow[] }) {
  const texts = useTexts();
  const address = useAddress((now) => now.neurons);
  const { neurons } = texts;
  const compared = useMemo(() => compareRows(props.left, props.right), [props.left, props.right]);
  const { left, right, concepts, iou } = compared;
  const names = useMemo(
    () => ({ left: unitSiteLabel(address.site, texts), right: rivalName(address, texts) }),
    [address, texts],
  );
  const bars = useMemo(
    () =>
      (['left', 'right'] as const).map((side) => ({
        key: side,
        label: names[side],
        parts: shareParts(compared[side].byCategory, compared[side].units, texts),
      })),
    [compared, names, texts],
  );
  const counts = {
    both: concepts.filter((entry) => entry.left > 0 && entry.right > 0).length,
    left: concepts.filter((entry) => entry.right === 0).length,
    right: concepts.filter((entry) => entry.left === 0).length,
  };
  return (
    <>
      <p className={styles.verdict} role="status">
        {neurons.compareVerdict({
          left: left.detectors,
          leftTotal: left.units,
          right: right.detectors,
          rightTotal: right.units,
        })}
      </p>
      <section className={shell.group} aria-label={neurons.compareCategories}>
        <h2 className={shell.heading}>{neurons.compareCategories}</h2>
        <CategoryLegend />
        <StackedBars
          rows={bars}
          texts={{
            caption: neurons.compareTable,
            label: neurons.layerColumn,
            total: neurons.detectorsColumn,
          }}
          format={share}
        />
      </section>
      <section className={shell.group} aria-label={neurons.compareDistribution}>
        <h2 className={shell.heading}>{neurons.compareDistribution}</h2>
        <DistributionChart
          distribution={{ edges: iou.edges, inside: iou.left, outside: iou.right }}
          colour="var(--accent)"
          mark={{ value: DETECTOR_IOU, label: `${neurons.detectors} 0.04` }}
          texts={{
            label: neurons.compareDistribution,
            inside: names.left,
            outside: names.right,
            table: neurons.valuesTable,
            from: neurons.from,
          }}
        />
        <p className={shell.small}>{neurons.distributionHint}</p>
      </section>
      <section className={shell.group} aria-label={neurons.compareConcepts}>
        <h2 className={shell.heading}>{neurons.compareConcepts}</h2>
        <p className={shell.small}>
          {[
            neurons.compareBoth({ count: counts.both }),
            neurons.compareLeftOnly({ count: counts.left }),
            neurons.compareRightOnly({ count: counts.right }),
          ].join(' · ')}
        </p>
        <Concepts concepts={concepts} names={names} />
      </section>
    </>
  );
}

/** Detectors of each concept, ours to the left, theirs to the right of a common middle. */
function Concepts(props: {
  readonly concepts: readonly ComparedConcept[];
  readonly names: { readonly left: string; readonly right: string };
}) {
  const { neurons } = useTexts();
  const most = Math.max(1, ...props.concepts.map(({ left, right }) => Math.max(left, right)));
  return (
    <div className={styles.butterfly}>
      <table>
        <thead>
          <tr>
            <th scope="col">{props.names.left}</th>
            <th scope="col">{neurons.concept}</th>
            <th scope="col">{props.names.right}</th>
          </tr>
        </thead>
        <tbody>
          {props.concepts.map(({ concept, category, left, right }) => (
            <tr key={`${category}/${concept}`}>
              <td>
                <span>{left}</span>
                <i style={{ width: `${(80 * left) / most}%`, background: categoryColour(category) }} />
              </td>
              <th scope="row">{concept}</th>
              <td>
                <i style={{ width: `${(80 * right) / most}%`, background: categoryColour(category) }} />
                <span>{right}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function rivalName(address: Parameters<typeof rivalOf>[0], texts: Texts): string {
  const { site, weights } = rivalOf(address);
  return weights === 'shuffled' ? texts.neurons.against_shuffled : unitSiteLabel(site, texts);
}
