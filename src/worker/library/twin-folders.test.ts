/** Every twin as a folder of the visitor's: it opens as its family, each file in the role that jobs read it by. */

import { describe, expect, it } from 'vitest';
import { fixture, TWIN_FOLDERS } from '../../headless/test-support/twin-folders.ts';
import { pipelineFolder } from '../../headless/test-support/whole-folder.ts';
import type { ModelPlan } from '../../protocol/library.ts';
import { createLibrary } from './library.ts';
import type { Net } from './transfer.ts';
import { memoryVault } from './vault.ts';

const net: Net = {
  fetch: () => Promise.reject(new Error('nothing is to be fetched')),
  online: () => false,
  wait: () => Promise.resolve(),
};

it.each(Object.entries(TWIN_FOLDERS))('%s', async (name, folder) => {
  const { family, files } = folder();
  const library = createLibrary(memoryVault(), net, () => 0);
  const model = await library.get(
    {
      place: {
        kind: 'files',
        name,
        files: Object.entries(files).map(([path, { bytes }]) => ({
          path,
          data: new Blob([Buffer.from(bytes)]),
        })),
      },
      precision: '',
      preparation: 'read',
    },
    { device: 'wasm', halves: false },
    new AbortController().signal,
    () => undefined,
  );
  expect(model.family).toBe(family);
  const roles = Object.fromEntries(model.files.map(({ role, path }) => [path, role]));
  expect(roles).toEqual(Object.fromEntries(Object.entries(files).map(([path, { role }]) => [path, role])));
  const source = await library.find(model.id);
  expect(Object.keys(source!.files).sort()).toEqual(Object.values(roles).sort());
});

it('a pipeline of diffusers’, with what it lacks made of what it has', async () => {
  const files = Object.entries(pipelineFolder()).map(([path, bytes]) => ({
    path,
    data: new Blob([Buffer.from(bytes)]),
  }));
  const library = createLibrary(memoryVault(), net, () => 0);
  const model = await library.get(
    { place: { kind: 'files', name: 'pipeline', files }, precision: '', preparation: 'read' },
    { device: 'wasm', halves: false },
    new AbortController().signal,
    () => undefined,
  );
  expect(model).toMatchObject({
    family: 'diffusion',
    pictureSide: 16,
    sampling: { steps: 25, guidance: 7.5 },
  });
  const roles = Object.fromEntries(model.files.map(({ role, path }) => [role, path]));
  expect(roles).toMatchObject({
    unet: 'unet/model.onnx',
    text_encoder: 'text_encoder/model.onnx',
    vae_decoder: 'vae_decoder/model.onnx',
    vae_encoder: 'vae_encoder/model.onnx',
    scheduler_config: 'scheduler/scheduler_config.json',
    config: 'config.json',
    tokenizer: 'tokenizer.json',
  });
});

describe('models that no view can show are refused by name', () => {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const open = (files: Readonly<Record<string, Uint8Array>>) => {
    const library = createLibrary(memoryVault(), net, () => 0);
    const params = {
      place: {
        kind: 'files',
        name: 'own',
        files: Object.entries(files).map(([path, bytes]) => ({ path, data: new Blob([Buffer.from(bytes)]) })),
      },
      precision: '',
      preparation: 'read',
    } as const;
    const room = { device: 'wasm', halves: false } as const;
    const { signal } = new AbortController();
    return {
      plan: (): Promise<ModelPlan> => library.plan(params, room, signal),
      get: () => library.get(params, room, signal, () => undefined),
      kept: () => library.models(),
    };
  };
  const encoderDecoder = (source: string, encoder: string) => ({
    'preprocessor_config.json': json({}),
    'encoder_model.onnx': fixture(`files/${source}-encoder.${encoder}.onnx`),
    'decoder_model_merged.onnx': fixture(`files/${source}-decoder.optimum-merged.onnx`),
  });

  it.each([
    ['whisper', 'dynamo', 'sound'],
    ['bart', 'optimum', 'text'],
  ] as const)('%s before anything is kept, by what its config says', async (source, encoder, found) => {
    const config = { 'config.json': json({ model_type: source }) };
    const own = open({ ...config, ...encoderDecoder(source, encoder) });
    await expect(own.plan()).rejects.toMatchObject({ code: 'unsupported', detail: { found, what: source } });
  });

  it.each([
    ['whisper', 'dynamo', 'input_features'],
    ['bart', 'optimum', 'input_ids, attention_mask'],
  ] as const)('%s without a config, by what goes into it', async (source, encoder, what) => {
    const own = open(encoderDecoder(source, encoder));
    await expect(own.get()).rejects.toMatchObject({ detail: { found: 'inputs', what } });
    expect(await own.kept()).toEqual([]);
  });
});
