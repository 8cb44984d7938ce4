import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DataFiles } from '../protocol/data.ts';
import type { DissectionRow, DissectParams } from '../protocol/dissection.ts';
import type { ImageSource, Pixels } from '../protocol/image.ts';
import type { Address, NeuronsAddress } from './address.ts';
import { dissectionOf } from './dissection.ts';
import { isOwn, modelsOf } from './models.ts';
import { namingOf, type WordList } from './naming.ts';
import { createRun, type Runner, type RunStore, shownOf } from './run.ts';
import { dissectableSites } from './sites.ts';

export interface NeuronRuns {
  readonly dissect: RunStore<'dissect'>;
  /** What the layer is compared with. */
  readonly rival: RunStore<'dissect'>;
  readonly unit: RunStore<'unit'>;
  readonly unitEvidence: RunStore<'unitEvidence'>;
  readonly sites: RunStore<'sites'>;
  /** Layers of the other model of a comparison. */
  readonly rivalSites: RunStore<'sites'>;
  readonly surveyLayers: RunStore<'surveyLayers'>;
  readonly pictureUnits: RunStore<'pictureUnits'>;
  /** What a classifier of the visitor's sees in the picture. */
  readonly classify: RunStore<'classify'>;
  readonly referee: RunStore<'referee'>;
  readonly paintUnits: RunStore<'paintUnits'>;
  readonly nameUnits: RunStore<'nameUnits'>;
  /** The opened unit of those that were named. */
  readonly namedUnit: RunStore<'namedUnit'>;
  /** What a data set of the visitor's holds. */
  readonly inspectData: RunStore<'inspectData'>;
}

export interface Neurons {
  readonly runs: NeuronRuns;
  /** The visitor's own data set: files cannot stand in a link, so it lives beside the address. */
  readonly data: StoreApi<DataFiles | undefined>;
  readonly wordList: StoreApi<WordList | undefined>;
  /** Starts what the address asks for. */
  run(): void;
  /** Dissects anew, forgetting what an interrupted or finished run has left. */
  startOver(): void;
  /** Results of another device may differ in the last digits. */
  forget(): void;
}

/** Top pictures of an opened unit. */
const TOP = 9;
/** Scenes a layer of the survey is counted on: enough to compare layers, few enough to wait for. */
export const SURVEY_SCENES = 48;
/** Classes that a classifier names under a picture. */
const BEST_CLASSES = 8;
/** Scenes, and matched sets, of the causal referee. */
const REFEREE = { scenes: 24, seed: 60_000_000, sets: 100 } as const;
/** Pictures drawn for each set: drawing takes its time. */
const DRAWN = 3;
/** How a picture is drawn that units are painted into, and the matched sets that are painted instead. */
const PAINTED = { steps: 12, guidance: 4, during: [0, 1], sets: 20 } as const;

/** What runs behind the neurons view. `decode` turns a picture of the address into pixels. */
export function createNeurons(parts: {
  readonly runner: Runner;
  readonly address: StoreApi<Address>;
  readonly decode: (data: string) => Promise<Pixels>;
}): Neurons {
  const { runner, address, decode } = parts;
  const data = createStore<DataFiles | undefined>(() => undefined);
  const wordList = createStore<WordList | undefined>(() => undefined);
  const runs: NeuronRuns = {
    dissect: createRun(runner, 'dissect', { remember: 6 }),
    rival: createRun(runner, 'dissect', { remember: 6 }),
    unit: createRun(runner, 'unit', { remember: 16 }),
    // Its figures are reported before the sentence is found.
    unitEvidence: createRun(runner, 'unitEvidence', { remember: 32, trail: true }),
    sites: createRun(runner, 'sites', { remember: 4 }),
    rivalSites: createRun(runner, 'sites', { remember: 4 }),
    surveyLayers: createRun(runner, 'surveyLayers', { remember: 4 }),
    pictureUnits: createRun(runner, 'pictureUnits', { remember: 8 }),
    classify: createRun(runner, 'classify', { remember: 8 }),
    referee: createRun(runner, 'referee', { remember: 8 }),
    paintUnits: createRun(runner, 'paintUnits', { remember: 4 }),
    nameUnits: createRun(runner, 'nameUnits', { remember: 4 }),
    namedUnit: createRun(runner, 'namedUnit', { remember: 16 }),
    inspectData: createRun(runner, 'inspectData'),
  };
  const now = (): NeuronsAddress => address.getState().neurons;

  const findSites = (store: RunStore<'sites'>, model: string): void => {
    const known = store.store.getState();
    if (known.status === 'idle' || (known.status !== 'running' && known.params.model !== model)) {
      // A diffusion model is asked for its channels, not for its attention maps.
      store.start({ model, of: 'units' });
    }
  };

  /** A unit can be opened once its threshold is known. */
  const openUnit = (): void => {
    const { unit, panel } = now();
    const shown = shownOf(runs.dissect.store.getState());
    if (unit === 'none' || shown === undefined || panel === 'layers' || panel === 'words') {
      // Nobody looks at it any more, and others wait; what it has seen is kept.
      runs.unitEvidence.cancel();
      return;
    }
    const row = shown.result.rows.find((entry) => entry.unit === unit);
    if (!row || row.dead) return;
    const { threshold, concept, category } = row;
    runs.unit.start({ ...shown.params, unit, threshold, top: TOP });
    if (concept !== '') runs.unitEvidence.start({ ...shown.params, unit, threshold, concept, category });
  };

  const watchPicture = async (): Promise<void> => {
    const { model, site, image, noise } = now();
    const source: ImageSource =
      image.kind === 'scene' ? image : { kind: 'pixels', pixels: await decode(image.data) };
    if (now().image !== image) return;
    if (site !== '') {
      runs.pictureUnits.start({ model, site, image: source, ...(site.startsWith('unet.') && { noise }) });
    }
    // None of the models that ship is a classifier.
    if (isOwn(model)) runs.classify.start({ model, image: source, top: BEST_CLASSES });
  };

  const callReferee = (): void => {
    const { model, site } = now();
    const rows = shownOf(runs.dissect.store.getState())?.result.rows;
    const trial = rows && trialOf(now(), rows);
    if (!trial || trial.units.length === 0) return;
    const [judge] = modelsOf('contrastive');
    runs.referee.start({
      ...{ model, site, units: trial.units, concept: trial.concept },
      ...REFEREE,
      // What is drawn is looked at by a model of the page's own.
      ...(site.startsWith('unet.') && judge && { scenes: DRAWN, judge: judge.id }),
    });
  };

  /** Only a model that draws can be painted into. */
  const paintUnits = (): void => {
    const { model, site, drawn: prompt, drawnSeed: seed, region, strength } = now();
    const rows = shownOf(runs.dissect.store.getState())?.result.rows;
    const trial = rows && trialOf(now(), rows);
    const [judge] = modelsOf('contrastive');
    if (!trial || !judge || trial.units.length === 0 || !site.startsWith('unet.')) return;
    runs.paintUnits.start({
      ...{ model, site, units: trial.units, concept: trial.concept, judge: judge.id },
      ...{ prompt, seed, region, strength },
      ...PAINTED,
    });
  };

  /** A named unit shows the pictures that it was named by. */
  const openNamed = (): void => {
    const { unit, panel } = now();
    const shown = shownOf(runs.nameUnits.store.getState());
    if (unit === 'none' || panel !== 'words' || !shown) return;
    const row = shown.result.rows.find((entry) => entry.unit === unit);
    if (!row || row.dead) return;
    const { judge: _, words: _words, ...watched } = shown.params;
    runs.namedUnit.start({ ...watched, unit, pictures: row.pictures });
  };

  const surveyLayers = (): void => {
    const { model, seed, recipe } = now();
    const sites = runs.sites.store.getState();
    if (sites.status !== 'done' || sites.params.model !== model) return;
    const names = dissectableSites(sites.result).map(({ name }) => name);
    runs.surveyLayers.start({
      model,
      sites: names,
      scenes: SURVEY_SCENES,
      seed,
      ...(recipe !== 'netdissect' && { recipe }),
    });
  };

  const run = (): void => {
    const { model, site, run: asked, panel, survey, trial } = now();
    findSites(runs.sites, model);
    const params = dissectionOf(now(), data.getState());
    if (params && asked && panel !== 'words') runs.dissect.start(params);
    openUnit();
    if (panel === 'words' && now().naming) {
      const naming = namingOf(now(), data.getState(), wordList.getState());
      if (naming) runs.nameUnits.start(naming);
      openNamed();
    }
    if (panel === 'layers' && survey) surveyLayers();
    if (panel === 'picture' && (site !== '' || isOwn(model))) void watchPicture();
    if (panel === 'compare') {
      const rival = rivalOf(now());
      findSites(runs.rivalSites, rival.model);
      if (asked && params && rival.site !== '') runs.rival.start({ ...params, ...rival });
    }
    if (panel === 'referee' && trial) callReferee();
    if (panel === 'paint' && now().paint) paintUnits();
  };
  runs.dissect.store.subscribe((state) => {
    if (state.status !== 'done') return;
    openUnit();
    if (now().panel === 'referee' && now().trial) callReferee();
    if (now().panel === 'paint' && now().paint) paintUnits();
  });
  runs.nameUnits.store.subscribe((state) => {
    if (state.status === 'done') openNamed();
  });
  runs.sites.store.subscribe((state) => {
    if (state.status === 'done' && now().panel === 'layers' && now().survey) surveyLayers();
  });

  return {
    runs,
    data,
    wordList,
    run,
    startOver: () => {
      const params = dissectionOf(now(), data.getState());
      if (params) runs.dissect.start({ ...params, fresh: true });
    },
    forget: () => {
      for (const store of [runs.dissect, runs.rival, runs.unit, runs.unitEvidence]) store.forget();
      for (const store of [runs.surveyLayers, runs.pictureUnits, runs.classify]) store.forget();
      for (const store of [runs.referee, runs.nameUnits, runs.paintUnits]) store.forget();
    },
  };
}

/** The other side of a comparison. */
export function rivalOf({
  model,
  site,
  against,
  otherModel,
  otherSite,
}: NeuronsAddress): Pick<DissectParams, 'model' | 'site' | 'weights'> {
  if (against === 'shuffled') return { model, site, weights: 'shuffled' };
  return { model: otherModel === '' ? model : otherModel, site: otherSite };
}

/** How many of a concept's units are switched off when none were chosen. */
export const BEST_UNITS = 10;

/** The concept and the units that go before the referee; undefined when no unit has a concept. */
export function trialOf(
  { concept: wanted, off }: NeuronsAddress,
  rows: readonly DissectionRow[],
): { readonly concept: string; readonly category: string; readonly units: readonly number[] } | undefined {
  const named = rows.filter(({ dead, concept }) => !dead && concept !== '');
  const best = [...named].sort((a, b) => b.iou - a.iou);
  const lead =
    best.find(({ category, concept }) => `${category}.${concept}` === wanted) ??
    best.find(({ category }) => category === 'object') ??
    best[0];
  if (!lead) return undefined;
  const { concept, category } = lead;
  const own = best.filter((row) => row.concept === concept && row.category === category);
  const known = new Set(rows.map(({ unit }) => unit));
  const chosen = off.map(Number).filter((unit) => known.has(unit));
  const units = chosen.length > 0 ? chosen : own.slice(0, BEST_UNITS).map(({ unit }) => unit);
  return { concept, category, units };
}
