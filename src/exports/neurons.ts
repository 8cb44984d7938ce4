import type { Dissection, RefereeReport } from '../protocol/dissection.ts';
import type { Survey } from '../protocol/neurons.ts';
import { toCsv } from './csv.ts';
import { type Json, type Settings, toJson } from './settings.ts';

/** Long form: one line a layer and side, detectors by category as columns. */
export function surveyCsv({ layers }: Survey): string {
  const categories = [
    ...new Set(
      layers.flatMap(({ trained, control }) => Object.keys({ ...trained.detectors, ...control?.detectors })),
    ),
  ].sort();
  return toCsv(
    [
      'site',
      'weights',
      'units',
      'dead',
      'concepts',
      'best_iou',
      ...categories.map((name) => `detectors_${name}`),
    ],
    layers.flatMap(({ trained, control }) =>
      [{ weights: 'trained', ...trained }, ...(control ? [{ weights: 'shuffled', ...control }] : [])].map(
        ({ site, weights, units, dead, concepts, bestIou, detectors }) => [
          site,
          weights,
          units,
          dead,
          concepts,
          bestIou,
          ...categories.map((name) => detectors[name] ?? 0),
        ],
      ),
    ),
  );
}

export function surveyJson({ layers, quantile, scenes, seed }: Survey, settings: Settings): string {
  const summary = (layer: Survey['layers'][number]['trained']): Json => ({
    ...layer,
    detectors: { ...layer.detectors },
  });
  return toJson(settings, {
    quantile,
    scenes,
    seed,
    layers: layers.map(({ trained, control }) => ({
      trained: summary(trained),
      control: control ? summary(control) : null,
    })),
  });
}

/** A unit on one picture, as it leaves. */
export interface ExportFiring {
  readonly unit: number;
  readonly concept: string;
  readonly category: string;
  readonly activation: number;
  readonly threshold: number;
}

export function firingCsv(units: readonly ExportFiring[]): string {
  return toCsv(
    ['unit', 'concept', 'category', 'activation', 'threshold'],
    units.map(({ unit, concept, category, activation, threshold }) => [
      unit,
      concept,
      category,
      activation,
      threshold,
    ]),
  );
}

export function firingJson(units: readonly ExportFiring[], settings: Settings): string {
  return toJson(settings, { units: units.map((unit) => ({ ...unit })) });
}

/** Detectors of each concept on both sides of a comparison. */
export interface ExportConcept {
  readonly concept: string;
  readonly category: string;
  readonly left: number;
  readonly right: number;
}

export function comparisonCsv(concepts: readonly ExportConcept[], sides: readonly [string, string]): string {
  return toCsv(
    ['concept', 'category', ...sides],
    concepts.map(({ concept, category, left, right }) => [concept, category, left, right]),
  );
}

export function comparisonJson(
  concepts: readonly ExportConcept[],
  sides: readonly [left: Dissection, right: Dissection],
  settings: Settings,
): string {
  return toJson(settings, {
    sides: sides.map(({ site, rows, scenes, quantile }) => ({ site, units: rows.length, scenes, quantile })),
    concepts: concepts.map((entry) => ({ ...entry })),
  });
}

/** One line a set: the chosen units first, then the matched random sets. */
export function refereeCsv({ intact, ablated, matched }: RefereeReport): string {
  return toCsv(
    ['set', 'probability_intact', 'probability_off', 'loss'],
    [
      ['chosen', intact.probability, ablated.probability, intact.probability - ablated.probability],
      ...matched.map((loss, i) => [`matched ${i + 1}`, intact.probability, intact.probability - loss, loss]),
    ],
  );
}

export function refereeJson(report: RefereeReport, settings: Settings): string {
  return toJson(settings, {
    ...report,
    intact: { ...report.intact },
    ablated: { ...report.ablated },
    names: [...report.names],
    matched: [...report.matched],
  });
}
