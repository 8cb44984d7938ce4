/** How large a picture is worth being handed to a model: the side of what it looks at. */

import { readPreprocessing } from './contrastive/preprocess.ts';
import { readDiffusionConfig } from './diffusion/config.ts';
import { readPartRules } from './generative/parts.ts';

/** Beyond this a picture of one's own only costs memory. */
const MOST = 1024;
/** A picture that is seen in parts is cut into more of them than this only where memory allows. */
const USUAL_PARTS = 2;

/**
 * In pixels, from the parsed `preprocessor_config.json` (null for none) and, for a model that draws, its config. Undefined where
 * neither says, or what they say is not understood: that is told when the model is used.
 */
export function pictureSide(preparation: unknown, config: unknown): number | undefined {
  try {
    const side = preparation === null ? readDiffusionConfig(config).pictureSize : preparedSide(preparation);
    return side === undefined ? undefined : Math.min(MOST, Math.round(side));
  } catch {
    return undefined;
  }
}

function preparedSide(json: unknown): number | undefined {
  const parts = readPartRules(json);
  if (parts) return USUAL_PARTS * parts.side;
  const { crop, resize } = readPreprocessing(json);
  if (crop) return Math.max(crop.width, crop.height);
  if (!resize) return undefined;
  return 'shortest' in resize ? resize.shortest : Math.max(resize.width, resize.height);
}
