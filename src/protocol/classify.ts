/** What a classifier says of one picture. */

import type { ImageSource, Pixels } from './image.ts';
import type { Device, Progress } from './progress.ts';

export interface ClassifyParams {
  readonly model: string;
  readonly image: ImageSource;
  /** How many of the best classes. */
  readonly top: number;
}

export interface ClassShare {
  /** As the model counts them, from 0. */
  readonly index: number;
  /** Empty where the model's folder names no classes. */
  readonly label: string;
  readonly probability: number;
  /** Of the same class on a picture of nothing but middle grey. */
  readonly grey: number;
}

export interface Classification {
  /** The picture as the model sees it. */
  readonly image: Pixels;
  /** Best first; none where the model gives no classes. */
  readonly classes: readonly ClassShare[];
  /** Classes that the model tells apart; 0 where it gives none. */
  readonly count: number;
  readonly device: Device;
  readonly elapsedMs: number;
}

export interface ClassifyJobs {
  classify: { params: ClassifyParams; progress: Progress; result: Classification };
}
