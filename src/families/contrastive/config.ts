/** What a contrastive model's `config.json` says that running it needs. */

import { VitrineError } from '../../protocol/errors.ts';
import type { VisionConfig } from '../vision-config.ts';

export interface ContrastiveConfig extends VisionConfig {
  /** What cosines are multiplied with before the softmax: the exponential already. */
  readonly logitScale: number;
  /** What is added to each pair's logit, whose sigmoid is its probability (SigLIP); null where a softmax over texts decides. */
  readonly logitBias: number | null;
}

/** ln 100, the cap that published CLIP models end training at. Exports in two files leave the trained scale out. */
const USUAL_LOG_SCALE = Math.log(100);

/** What the logits of a file with both towers do, which goes before the config. */
interface JointLogits {
  readonly scale: number;
  readonly bias: number | null;
}

/** Throws `model-corrupt` for a vision tower without a grid of patches. */
export function readContrastiveConfig(
  json: unknown,
  vision: VisionConfig,
  joint?: JointLogits,
): ContrastiveConfig {
  if (vision.grid < 1) throw corrupt('vision_config has no image_size and patch_size');
  return { ...vision, ...readLogits(json, joint) };
}

/** What becomes of cosines, whatever the vision tower is made of. */
export function readLogits(
  json: unknown,
  joint?: JointLogits,
): Pick<ContrastiveConfig, 'logitScale' | 'logitBias'> {
  const logScale = joint ? Math.log(joint.scale) : (property(json, 'logit_scale') ?? USUAL_LOG_SCALE);
  const bias = joint ? joint.bias : property(json, 'logit_bias');
  if (typeof logScale !== 'number' || !Number.isFinite(logScale)) throw corrupt('logit_scale');
  return { logitScale: Math.exp(logScale), logitBias: typeof bias === 'number' ? bias : null };
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function corrupt(what: string): VitrineError {
  return new VitrineError('model-corrupt', `config: ${what}`, { file: 'config' });
}
