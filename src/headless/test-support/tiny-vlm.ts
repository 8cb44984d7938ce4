/** The tiny model of golden_tiny_vlm.py, as files in the Hub's layout and as values that PyTorch gave. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeRuntime, type NodeRuntime } from '../runtime.ts';
import { writeModelFolder } from './model-folder.ts';

interface Listed {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

export interface Golden {
  readonly files: Readonly<Record<string, string>>;
  readonly config: unknown;
  readonly tokenizer: unknown;
  readonly tokenizer_config: unknown;
  readonly preprocessor_config: unknown;
  readonly expected: {
    readonly inputs: Listed;
    readonly other: Listed;
    readonly logits: Listed;
    readonly resid: Listed;
    readonly pattern: Listed;
    readonly position: number;
    readonly target: number;
    readonly against: number;
    readonly dla: Listed;
    readonly rollout: Listed;
    readonly patch: {
      readonly block: number;
      readonly positions: readonly number[];
      readonly logits: Listed;
    };
  };
}

export const golden: Golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../families/generative/golden-tiny-vlm.json'), 'utf8'),
);

export const TINY_MLP = 'tiny-mlp';
export const TINY_QFORMER = 'tiny-qformer';

/** A host whose model folder holds the tiny model with either bridge. */
export function tinyRuntime(): NodeRuntime {
  const bridges = { [TINY_MLP]: 'multi_modal_projector', [TINY_QFORMER]: 'qformer' };
  const configs = ['config', 'tokenizer', 'tokenizer_config', 'preprocessor_config'] as const;
  const json = configs.map(
    (role) => [`${role}.json`, { role, bytes: Buffer.from(JSON.stringify(golden[role])) }] as const,
  );
  const models = Object.entries(bridges).map(([id, bridge]) => {
    const onnx = ['vision_encoder', bridge, 'embed_tokens', 'decoder_model_merged'].map(
      (role) => [`${role}.onnx`, { role, bytes: Buffer.from(golden.files[role]!, 'base64') }] as const,
    );
    return { id, family: 'generative', files: Object.fromEntries([...onnx, ...json]) };
  });
  const folder = writeModelFolder(models);
  return createNodeRuntime({ models: folder, threads: 1 });
}
