/** A given answer run once more in full, everything kept: what explanations, ablations and traces start from. */

import { toPixels } from '../families/contrastive/preprocess.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { ImageFeatures, SeenStates } from '../families/generative/bridge.ts';
import { captureSequence, type DecoderCapture } from '../families/generative/capture.ts';
import type { Embeddings } from '../families/generative/run-decoder.ts';
import type { GivenAnswer, SequenceToken } from '../protocol/ask.ts';
import type { Pixels } from '../protocol/image.ts';
import {
  embedSequence,
  type GenerativeModel,
  heatGrid,
  imageFeatures,
  imagePositions,
  pictureOf,
  promptOf,
  seeStates,
  tokensByPlace,
  withAnswer,
} from './generative-model.ts';

export interface AnswerRun {
  readonly picture: Rgb8;
  readonly image: Pixels;
  /** The vision tower's, [1, position, channel]. */
  readonly states: SeenStates;
  readonly features: ImageFeatures;
  /** Prompt and answer. */
  readonly sequence: readonly SequenceToken[];
  readonly positions: readonly number[];
  /** Positions of the answer's tokens. */
  readonly answered: readonly number[];
  readonly grid: number;
  /** By place of the grid, the image tokens that show it; null where each shows its own. */
  readonly places: readonly (readonly number[])[] | null;
  readonly embeddings: Embeddings;
  readonly capture: DecoderCapture;
}

/** Two runs of small networks and one full run of the decoder; `attention: false` leaves its patterns out. */
export async function runAnswer(
  model: GenerativeModel,
  given: Omit<GivenAnswer, 'model'>,
  options: { readonly attention?: boolean } = {},
): Promise<AnswerRun> {
  const picture = pictureOf(model, given.image);
  const states = await seeStates(model, [picture]);
  const features = await imageFeatures(model, states, { maps: true });
  const sequence = withAnswer(model, promptOf(model, given.question, features), given.answer);
  const embeddings = await embedSequence(model, sequence, features);
  return {
    picture,
    image: toPixels(picture),
    states,
    features,
    sequence,
    positions: imagePositions(sequence),
    answered: sequence.filter(({ role }) => role === 'answer').map(({ position }) => position),
    grid: heatGrid(model, features),
    places: tokensByPlace(model, features),
    embeddings,
    capture: await captureSequence(model.decoderSession, model.decoder, embeddings, options),
  };
}
