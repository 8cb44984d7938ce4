/** All parsers that read what others made. */

import { tinyTransformer } from '../onnx/test-support/tiny-model.ts';
import { onnxTarget } from './onnx-target.ts';
import { imageTarget, linkTarget } from './page-targets.ts';
import type { Target } from './target.ts';

export function allTargets(): readonly Target[] {
  const models = [
    tinyTransformer({ blocks: 1 }),
    tinyTransformer({ blocks: 1, cross: true, layout: 'folded', mask: 'trilu', guarded: true }),
    tinyTransformer({ blocks: 1, layout: 'packed', mask: 'where', activation: 'silu', gated: true }),
    tinyTransformer({ blocks: 1, norm: 'spelled', activation: 'gelu', halfWeights: true }),
  ];
  return [onnxTarget(models), imageTarget(), linkTarget()];
}
