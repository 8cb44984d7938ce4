/** The tiny model of golden_tiny_vlm.py, as files in the Hub's layout and as values that PyTorch gave. */

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeRuntime, type NodeRuntime } from '../runtime.ts';

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
  const folder = mkdtempSync(join(tmpdir(), 'tiny-vlm-'));
  const bridges = { [TINY_MLP]: 'multi_modal_projector', [TINY_QFORMER]: 'qformer' };
  const models = Object.entries(bridges).map(([id, bridge]) => {
    mkdirSync(join(folder, id));
    const onnx = ['vision_encoder', bridge, 'embed_tokens', 'decoder_model_merged'].map(
      (role) => [role, `${role}.onnx`, Buffer.from(golden.files[role]!, 'base64')] as const,
    );
    const json = (['config', 'tokenizer', 'tokenizer_config', 'preprocessor_config'] as const).map(
      (role) => [role, `${role}.json`, Buffer.from(JSON.stringify(golden[role]))] as const,
    );
    const files = [...onnx, ...json].map(([role, name, data]) => {
      writeFileSync(join(folder, id, name), data);
      const sha256 = createHash('sha256').update(data).digest('hex');
      return [role, { path: `${id}/${name}`, bytes: data.length, sha256 }] as const;
    });
    return { id, family: 'generative', title: id, files: Object.fromEntries(files) };
  });
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ models }));
  return createNodeRuntime({ models: folder, threads: 1 });
}
