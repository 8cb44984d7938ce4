import { useMemo } from 'react';
import { useStore } from 'zustand';
import { categoryColour } from '../../charts/category.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { HeatLegend } from '../../charts/heat-legend.tsx';
import { Heatmap } from '../../charts/heatmap.tsx';
import type { DissectionRow } from '../../protocol/dissection.ts';
import type { PictureUnits } from '../../protocol/neurons.ts';
import { isOwn } from '../../state/models.ts';
import { type FiringUnit, rankPicture } from '../../state/picture-ranking.ts';
import { shownOf } from '../../state/run.ts';
import { type Grid, grid } from '../../tensor/tensor.ts';
import { Cautions } from '../cautions.tsx';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { FailureMessage } from '../failure.tsx';
import { activation, overlap } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { Intro } from './intro.tsx';
import styles from './neurons.module.css';
import { TopClasses } from './top-classes.tsx';
import { useRows } from './use-rows.ts';

const noRows: readonly DissectionRow[] = [];

/** Units named under a picture. */
const SHOWN = 24;

/** Which units fire where on one picture: a scene, or the visitor's own. */
export function PicturePanel() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { site, model } = useAddress((address) => address.neurons);
  const opening = useStore(vitrine.opening);
  const run = useRun('pictureUnits');
  const shown = shownOf(run);
  const { neurons } = texts;
  const chooser = (
    <div className={shell.row}>
      <label className={styles.opener}>
        <input
          type="file"
          className={styles.file}
          accept="image/*"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file) void vitrine.openPicture(file, file.name);
            // The same file may be chosen again after a failure.
            target.value = '';
          }}
        />
        <span className={styles.open}>{neurons.pictureUpload}</span>
      </label>
      <Button
        onClick={() => {
          const seed = Math.floor(Math.random() * 100_000);
          vitrine.change('neurons', { image: { kind: 'scene', seed }, place: 'none' }, 'push');
          vitrine.run();
        }}
      >
        {neurons.pictureScene}
      </Button>
      <span className={shell.small}>{neurons.pictureHint}</span>
    </div>
  );
  // A classifier has something to say of a picture before a layer is chosen.
  if (site === '' && !isOwn(model)) return <Intro lead={neurons.pictureLead} next={neurons.pictureNoLayer} />;
  return (
    <>
      <p className={shell.lead}>{neurons.pictureLead}</p>
      {chooser}
      {opening.status === 'failed' && <FailureMessage failure={opening.failure} subject={opening.name} />}
      {run.status === 'failed' && run.failure.code !== 'cancelled' && (
        <FailureMessage failure={run.failure} />
      )}
      {shown && shown.params.site === site && <Picture report={shown.result} />}
      {site === '' && <p className={shell.small}>{neurons.pictureNoLayer}</p>}
      <TopClasses alone={site === ''} />
    </>
  );
}

function Picture({ report }: { readonly report: PictureUnits }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { place, unit } = useAddress((address) => address.neurons);
  const { rows } = useRows();
  const { maps, image } = report;
  const [units, height, width] = maps.dims;
  const spot = place !== 'none' && place < height * width ? place : 'none';
  const fits = rows.length === units ? rows : noRows;
  const everywhere = useMemo(() => rankPicture(maps, fits, 'none'), [maps, fits]);
  const ranked = useMemo(
    () => (spot === 'none' ? everywhere : rankPicture(maps, fits, spot)),
    [maps, fits, spot, everywhere],
  );
  const { neurons } = texts;
  const chosen = unit !== 'none' && unit < units ? fits.find((row) => row.unit === unit) : undefined;
  const density = useMemo(() => firingDensity(report, fits), [report, fits]);
  const heat = useMemo(() => (chosen ? unitGrid(report, chosen.unit) : density), [report, chosen, density]);
  const scale = useMemo<HeatScale>(
    () => ({
      kind: 'sequential',
      // A unit that stays below its threshold must look cold.
      max: Math.max(1e-6, chosen?.threshold ?? 0, ...heat.data),
      palette: 'inferno',
    }),
    [heat, chosen],
  );
  return (
    <div className={styles.pictureSplit}>
      <div className={styles.pictureSide}>
        <Heatmap
          image={image}
          heat={heat}
          scale={scale}
          label={chosen ? neurons.pictureOf({ unit: chosen.unit }) : neurons.pictureImage}
          describe={({ value, row, column }) =>
            neurons.pictureReading({ value: activation(value), row: row + 1, column: column + 1 })
          }
          onPick={({ row, column }) => vitrine.change('neurons', { place: row * width + column }, 'push')}
        />
        <HeatLegend
          scale={scale}
          label={chosen ? neurons.legend : neurons.pictureUnits}
          {...(chosen && { baseline: { value: chosen.threshold, label: neurons.threshold } })}
        />
        <Cautions cautions={report.cautions} />
        {fits.length === 0 && <p className={shell.small}>{neurons.pictureNoTable}</p>}
      </div>
      {fits.length > 0 && (
        <section className={styles.pictureSide} aria-label={neurons.pictureUnits}>
          <div className={shell.row} style={{ justifyContent: 'space-between' }}>
            <h2 className={shell.heading}>
              {spot === 'none'
                ? neurons.pictureWhole
                : neurons.pictureAt({ row: Math.floor(spot / width) + 1, column: (spot % width) + 1 })}
            </h2>
            {spot !== 'none' && (
              <Button look="quiet" onClick={() => vitrine.change('neurons', { place: 'none' }, 'push')}>
                {neurons.pictureWholeButton}
              </Button>
            )}
          </div>
          <p className={shell.small}>
            {neurons.pictureFires({
              count: everywhere.length,
              total: fits.filter(({ dead }) => !dead).length,
            })}
          </p>
          <FiringList units={ranked.slice(0, SHOWN)} report={report} />
          {ranked.length > SHOWN && (
            <p className={shell.small}>{neurons.moreLabels({ count: ranked.length - SHOWN })}</p>
          )}
          <SaveButtons
            kinds={['png', 'svg', 'csv', 'json']}
            save={async (kind) => {
              const { savePictureUnits } = await import('../saving/save-picture-units.ts');
              const title = chosen ? neurons.pictureOf({ unit: chosen.unit }) : neurons.pictureImage;
              const now = vitrine.address.getState().neurons;
              await savePictureUnits(kind, now, report, ranked, spot, { heat, scale, title });
            }}
          />
        </section>
      )}
    </div>
  );
}

function FiringList(props: { readonly units: readonly FiringUnit[]; readonly report: PictureUnits }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const open = useAddress((address) => address.neurons.unit);
  const { neurons } = texts;
  return (
    <ul className={styles.firing}>
      {props.units.map(({ unit, ratio, row }) => (
        <li key={unit}>
          <button
            type="button"
            aria-pressed={open === unit}
            onClick={() => {
              vitrine.change('neurons', { unit: open === unit ? 'none' : unit }, 'push');
              vitrine.run();
            }}
          >
            <UnitThumb report={props.report} row={row} />
            <span>
              <b>{neurons.unitTitle({ unit })}</b>
              <span className={styles.category}>
                <span className={styles.dot} style={{ background: categoryColour(row.category) }} />
                {row.concept === '' ? neurons.unnamed : row.concept}
              </span>
              <small>
                {neurons.times({ value: activation(ratio) })}, IoU {overlap(row.iou)}
              </small>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A small picture of where the unit fires. */
function UnitThumb({ report, row }: { readonly report: PictureUnits; readonly row: DissectionRow }) {
  const heat = useMemo(() => {
    const map = unitGrid(report, row.unit);
    return { ...map, data: map.data.map((value) => (value > row.threshold ? value : 0)) };
  }, [report, row]);
  const scale = useMemo<HeatScale>(
    () => ({ kind: 'sequential', max: Math.max(1e-6, ...heat.data), palette: 'inferno' }),
    [heat],
  );
  return (
    <span className={styles.thumb} aria-hidden="true" inert>
      <Heatmap image={report.image} heat={heat} scale={scale} label="" describe={() => ''} />
    </span>
  );
}

function unitGrid({ maps }: PictureUnits, unit: number): Grid {
  const [, height, width] = maps.dims;
  const size = height * width;
  return grid(height, width, maps.data.slice(unit * size, (unit + 1) * size));
}

/** How many units fire at each place. */
function firingDensity({ maps }: PictureUnits, rows: readonly DissectionRow[]): Grid {
  const [, height, width] = maps.dims;
  const size = height * width;
  const counts = new Float32Array(size);
  for (const { unit, threshold, dead } of rows) {
    if (dead) continue;
    for (let i = 0; i < size; i += 1) {
      if (maps.data[unit * size + i]! > threshold) counts[i] = counts[i]! + 1;
    }
  }
  return grid(height, width, counts);
}
