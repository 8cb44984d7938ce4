import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readDiffusionConfig } from '../families/diffusion/config.ts';
import { openPlain } from '../jobs/open.ts';
import { createNodeRuntime, MODELS_FOLDER } from './runtime.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());

const config = readDiffusionConfig(await runtime.json('scene-diffusion', 'config'));
const feeds = (batch: number, channels = config.latentChannels) => {
  const dims = [batch, channels, config.latentSize, config.latentSize];
  const data = new Float32Array(dims.reduce((product, size) => product * size)).fill(0.2);
  return { latent_sample: { type: 'float32' as const, dims, data } };
};

test('a session is shared by its key, and its queue survives a failed run', async () => {
  const session = await openPlain(runtime, 'scene-diffusion', 'vae_decoder');
  expect(await openPlain(runtime, 'scene-diffusion', 'vae_decoder')).toBe(session);
  const wrong = feeds(1, config.latentChannels + 1);
  const [failed, fine] = await Promise.allSettled([
    session.run(wrong, ['sample']),
    session.run(feeds(2), ['sample']),
  ]);
  expect(failed.status).toBe('rejected');
  expect(fine.status === 'fulfilled' && fine.value.sample?.dims).toEqual([2, 3, 128, 128]);
});

test('a file that opens badly is tried again', async () => {
  const broken = async () => ({ graph: new Uint8Array([1, 2, 3]) });
  await expect(runtime.open('test/broken', broken)).rejects.toThrow();
  const data = await runtime.bytes('scene-diffusion', 'vae_decoder');
  const session = await runtime.open('test/broken', async () => ({ graph: data }));
  expect(session.inputs).toEqual(['latent_sample']);
});

test('a flipped byte and a missing file are told apart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-'));
  try {
    await cp(join(MODELS_FOLDER, 'index.json'), join(folder, 'index.json'));
    const path = 'scene-diffusion/onnx/vae_decoder.onnx';
    const bytes = await readFile(join(MODELS_FOLDER, path));
    bytes[1000] = bytes[1000]! ^ 1;
    await cp(join(MODELS_FOLDER, 'scene-diffusion/config.json'), join(folder, 'scene-diffusion/config.json'));
    await writeFile(join(folder, path), bytes).catch(async () => {
      await cp(join(MODELS_FOLDER, path), join(folder, path));
      await writeFile(join(folder, path), bytes);
    });
    const other = createNodeRuntime({ models: folder });
    await expect(other.bytes('scene-diffusion', 'vae_decoder')).rejects.toMatchObject({
      code: 'model-corrupt',
    });
    await expect(other.bytes('scene-diffusion', 'vae_encoder')).rejects.toMatchObject({
      code: 'model-missing',
    });
    await expect(other.bytes('scene-diffusion', 'no_such_role')).rejects.toMatchObject({
      code: 'model-missing',
    });
    expect(await other.json('scene-diffusion', 'config')).toHaveProperty('unet');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a generated picture and where its words looked, the first view, take at most 15 MB of weights', async () => {
  const files = await Promise.all(
    ['unet', 'vae_decoder', 'text_encoder'].map((file) => runtime.bytes('scene-diffusion', file)),
  );
  expect(files.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(15e6);
});
