import { useMemo } from 'react';
import { StackedBars } from '../../charts/stacked-bars.tsx';
import type { SurveyedLayer } from '../../protocol/neurons.ts';
import { SURVEY_SCENES } from '../../state/neurons.ts';
import { shownOf } from '../../state/run.ts';
import { dissectableSites } from '../../state/sites.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Disclosure } from '../controls/disclosure.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { overlap, share } from '../figures.ts';
import { RunFailure } from '../run-failure.tsx';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { CategoryLegend } from './category-legend.tsx';
import { Intro } from './intro.tsx';
import { detectorShare, layerRows } from './layer-rows.ts';
import styles from './neurons.module.css';
import { unitSiteLabel } from './unit-site-label.ts';

/** How many detectors every layer has, beside the same layers with shuffled weights. */
export function LayersPanel() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('surveyLayers');
  const sites = useRun('sites');
  const { model } = useAddress((address) => address.neurons);
  const { neurons } = texts;
  const count = sites.status === 'done' ? dissectableSites(sites.result).length : 0;
  const shown = shownOf(run);
  const finished = shown?.params.model === model ? shown : undefined;
  const going = run.status === 'running' || run.status === 'failed' ? run.progress?.layers : undefined;
  const layers = going && going.length > 0 ? going : finished?.result.layers;
  const start = (
    <Button
      look="primary"
      disabled={count === 0}
      onClick={() => {
        vitrine.change('neurons', { survey: true }, 'push');
        vitrine.run();
      }}
    >
      {neurons.surveyStart}
    </Button>
  );
  const hint = count > 0 ? neurons.surveyHint({ layers: count, scenes: SURVEY_SCENES }) : '';
  const progress = run.status === 'running' && (
    <div className={styles.narrow}>
      <ProgressLine
        progress={run.progress}
        describe={({ done, total }) => neurons.surveyDoing({ done: Math.min(done + 1, total), total })}
        onCancel={vitrine.runs.surveyLayers.cancel}
      />
    </div>
  );
  const trouble = <RunFailure run={run} stopped={neurons.partialStopped} />;
  if (!layers || layers.length === 0) {
    return (
      <Intro lead={neurons.surveyLead} next={hint}>
        {progress || start}
        {trouble}
      </Intro>
    );
  }
  return (
    <>
      <div className={shell.row} style={{ justifyContent: 'space-between' }}>
        <p className={shell.lead}>{neurons.surveyLead}</p>
        {finished && !going && (
          <SaveButtons
            kinds={['png', 'svg', 'csv', 'json']}
            save={async (kind) => {
              const { saveSurvey } = await import('../saving/save-survey.ts');
              await saveSurvey(kind, finished, texts);
            }}
          />
        )}
      </div>
      {progress}
      {trouble}
      <Bars layers={layers} />
      {run.status !== 'running' && <div>{start}</div>}
    </>
  );
}

function Bars({ layers }: { readonly layers: readonly SurveyedLayer[] }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const site = useAddress((address) => address.neurons.site);
  const rows = useMemo(() => layerRows(layers, texts), [layers, texts]);
  const { neurons } = texts;
  return (
    <>
      <CategoryLegend baseline={neurons.shuffled} />
      <StackedBars
        rows={rows}
        texts={{
          caption: neurons.surveyTable,
          label: neurons.layerColumn,
          total: neurons.detectorsColumn,
          baseline: neurons.shuffled,
        }}
        format={share}
        selected={site}
        onSelect={(chosen) => {
          vitrine.change('neurons', { site: chosen, run: true, unit: 'none', panel: 'units' }, 'push');
          vitrine.run();
        }}
      />
      <p className={shell.small}>
        {neurons.shareAxis} {neurons.shuffledHint} {neurons.surveyOpen}
      </p>
      <Disclosure summary={neurons.figuresTable}>
        <div className={styles.wide}>
          <table className={styles.figures}>
            <thead>
              <tr>
                <th scope="col">{neurons.layerColumn}</th>
                <th scope="col">{neurons.unitsColumn}</th>
                <th scope="col">{neurons.deadColumn}</th>
                <th scope="col">{neurons.detectorsColumn}</th>
                <th scope="col">{neurons.shuffled}</th>
                <th scope="col">{neurons.conceptsColumn}</th>
                <th scope="col">{neurons.shuffled}</th>
                <th scope="col">{neurons.bestColumn}</th>
                <th scope="col">{neurons.shuffled}</th>
              </tr>
            </thead>
            <tbody>
              {layers.map(({ trained, control }) => (
                <tr key={trained.site}>
                  <th scope="row">{unitSiteLabel(trained.site, texts)}</th>
                  <td>{trained.units}</td>
                  <td>{trained.dead}</td>
                  <td>{share(detectorShare(trained))}</td>
                  <td>{control ? share(detectorShare(control)) : '–'}</td>
                  <td>{trained.concepts}</td>
                  <td>{control?.concepts ?? '–'}</td>
                  <td>{overlap(trained.bestIou)}</td>
                  <td>{control ? overlap(control.bestIou) : '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Disclosure>
    </>
  );
}
