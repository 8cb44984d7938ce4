/** All parsers that read what others made. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tinyTransformer } from '../onnx/test-support/tiny-model.ts';
import { datasetTargets } from './dataset-targets.ts';
import { onnxTarget } from './onnx-target.ts';
import { imageTarget, linkTarget, placeTarget } from './page-targets.ts';
import type { Target } from './target.ts';

function twin(name: string): Uint8Array {
  const path = join(import.meta.dirname, `../../models/fixtures/files/${name}.onnx`);
  return new Uint8Array(readFileSync(path));
}

export function allTargets(): readonly Target[] {
  const models = [
    tinyTransformer({ blocks: 1 }),
    tinyTransformer({ blocks: 1, cross: true, layout: 'folded', mask: 'trilu', guarded: true }),
    tinyTransformer({ blocks: 1, layout: 'packed', mask: 'where', activation: 'silu', gated: true }),
    tinyTransformer({ blocks: 1, norm: 'spelled', activation: 'gelu', halfWeights: true }),
    // Fused operators, and two bodies in an If.
    twin('bert.optimised'),
    twin('whisper-decoder.optimum-merged'),
  ];
  return [onnxTarget(models), imageTarget(), linkTarget(), placeTarget(), ...datasetTargets()];
}
