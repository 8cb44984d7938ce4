/** What the neurons page asks beyond one dissection: all layers at once, and one picture. */

import type { Tensor } from '../tensor/tensor.ts';
import type {
  DissectParams,
  Recipe,
  RefereeParams,
  RefereeProgress,
  RefereeReport,
  UnitEvidence,
  UnitEvidenceParams,
  UnitEvidenceProgress,
} from './dissection.ts';
import type { ImageSource, Pixels } from './image.ts';
import type { Caution } from './jobs.ts';
import type { Device, Progress } from './progress.ts';

// ---- surveyLayers: how many detectors each layer has, trained and with shuffled weights ----

export interface SurveyParams extends Omit<DissectParams, 'site' | 'weights' | 'data'> {
  /** Site names, in the order of the layers. */
  readonly sites: readonly string[];
}

export interface LayerSummary {
  readonly site: string;
  readonly units: number;
  /** Units that never vary. */
  readonly dead: number;
  /** Detectors by category; categories without any may be left out. */
  readonly detectors: Readonly<Record<string, number>>;
  /** Different concepts among the detectors. */
  readonly concepts: number;
  readonly bestIou: number;
}

export interface SurveyedLayer {
  readonly trained: LayerSummary;
  /** The same layer with shuffled weights; absent until it was counted. */
  readonly control?: LayerSummary;
}

export interface SurveyProgress extends Progress {
  /** The layers done so far. */
  readonly layers?: readonly SurveyedLayer[];
}

export interface Survey {
  readonly layers: readonly SurveyedLayer[];
  readonly recipe: Recipe;
  readonly quantile: number;
  readonly scenes: number;
  readonly seed: number;
  readonly device: Device;
  readonly elapsedMs: number;
}

// ---- pictureUnits: which units fire where on one picture ----

export interface PictureUnitsParams {
  readonly model: string;
  readonly site: string;
  readonly image: ImageSource;
  /** As of a dissection. */
  readonly noise?: number;
}

export interface PictureUnits {
  /** The picture as the model sees it. */
  readonly image: Pixels;
  /** Every unit's activation at every position. */
  readonly maps: Tensor<readonly ['unit', 'y', 'x']>;
  readonly cautions: readonly Caution[];
  readonly device: Device;
  readonly elapsedMs: number;
}

export interface NeuronJobs {
  unitEvidence: { params: UnitEvidenceParams; progress: UnitEvidenceProgress; result: UnitEvidence };
  referee: { params: RefereeParams; progress: RefereeProgress; result: RefereeReport };
  surveyLayers: { params: SurveyParams; progress: SurveyProgress; result: Survey };
  pictureUnits: { params: PictureUnitsParams; progress: Progress; result: PictureUnits };
}
