/** Where the words of a prompt look in a picture that the model did not draw. */

import type { ImageSource, Pixels } from './image.ts';
import type { GenerateParams, GenerateProgress, Generation } from './jobs.ts';

export interface InspectParams extends GenerateParams {
  readonly image: ImageSource;
  /** How far towards noise the picture is taken, 0 to 1; of a run of `steps` steps, those below are used. */
  readonly noise: number;
  /**
   * `noise`: at every step the picture itself with that much fresh noise, so that each map looks at this picture. `inversion`: the
   * noise that leads to this picture is sought by running the sampler backwards (DDIM inversion).
   */
  readonly by: 'noise' | 'inversion';
}

export interface Inspection extends Generation {
  /** What the model makes of it: its guess of the clean picture, or the picture that the found noise leads back to. */
  readonly reconstruction: Pixels;
  /** Mean absolute difference from the picture as the autoencoder gives it back, 0 to 1. */
  readonly error: number;
}

export interface InspectJobs {
  inspect: { params: InspectParams; progress: GenerateProgress; result: Inspection };
}
