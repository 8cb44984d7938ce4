/** Weights in files beside a model, as exporters write them (`onnx.save_model(save_as_external_data=True)`): the same values. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { completeFolder } from '../families/complete.ts';
import { besideRanges, joinBeside } from '../onnx/beside.ts';
import { externalise } from '../onnx/externalise.ts';
import { readConstant } from '../onnx/initializer.ts';
import { indexModel } from '../onnx/model-index.ts';
import { OnnxError } from '../onnx/wire.ts';
import { withBeside } from '../worker/beside-source.ts';
import { relativeGap } from './test-support/twins.ts';

const folder = join(import.meta.dirname, '../../models/fixtures/files');
const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const plain = read('projector.legacy.onnx');
const graph = read('projector.external.onnx');
const data = read('projector.external.onnx_data');
const name = 'projector.external.onnx_data';
/** Data of another file first: nothing lies where a single file would have it. */
const joined = joinBeside(graph, [
  { name: 'other', data: new Uint8Array(300) },
  { name, data },
]);

async function run(bytes: Uint8Array): Promise<Float32Array> {
  const { graph: small, location } = externalise(bytes, 'weights');
  const session = await InferenceSession.create(small, {
    externalData: [{ path: location, data: bytes }],
    logSeverityLevel: 3,
  });
  const [input] = session.inputNames;
  const values = Float32Array.from({ length: 9 * 32 }, (_, i) => Math.sin(i));
  const result = await session.run({ [input!]: new Tensor('float32', values, [1, 9, 32]) });
  await session.release();
  return result[session.outputNames[0]!]!.data as Float32Array;
}

it('computes what the model of one file does', async () => {
  expect(joined.length).toBeLessThan(graph.length + data.length + 300 + 100);
  expect(relativeGap(await run(joined), await run(plain))).toBe(0);
});

it('keeps the graph small, and reads every weight', () => {
  const { graph: small, location } = externalise(joined, 'weights');
  expect(small.length).toBeLessThan(graph.length + 500);
  expect(besideRanges(small).size).toBe(0);
  const model = indexModel(small);
  const own = indexModel(plain);
  for (const weight of own.initializers.keys()) {
    const found = readConstant(model, weight, (place) => (place === location ? joined : undefined));
    expect(found).toEqual(readConstant(own, weight));
  }
});

it('says which file is missing or too short', async () => {
  expect(() => externalise(joinBeside(graph, [{ name: 'other', data }]), 'weights')).toThrow(OnnxError);
  expect(() => externalise(joinBeside(graph, [{ name, data: data.subarray(0, 100) }]), 'weights')).toThrow(
    `${name} ends before`,
  );
  const kept = {
    family: 'contrastive',
    roles: new Set(['vision_model', 'text_model', 'tokenizer']),
    models: ['vision_model'],
    encoder: false,
    bytes: async () => graph,
    text: async () => '',
  } as const;
  await expect(completeFolder({ ...kept, beside: () => new Set() }, 'read')).rejects.toMatchObject({
    code: 'unsupported',
    detail: { what: expect.stringContaining(name) },
  });
  expect(await completeFolder({ ...kept, beside: () => new Set([name]) }, 'read')).toEqual({});
});

it('comes out of a model store as one file, with progress over all', async () => {
  const file = (path: string, bytes: Uint8Array<ArrayBuffer>) => ({
    key: path,
    path,
    bytes: bytes.length,
    read: async (_signal: AbortSignal, onBytes: (done: number) => void) => {
      onBytes(bytes.length);
      return bytes;
    },
  });
  const find = withBeside(async (id) =>
    id === 'm'
      ? { id, files: { unet: file('unet/model.onnx', graph), 'unet.data': file(`unet/${name}`, data) } }
      : undefined,
  );
  const { unet } = (await find('m'))!.files;
  const done: number[] = [];
  const bytes = await unet!.read(new AbortController().signal, (value) => done.push(value));
  expect(done).toEqual([graph.length, graph.length + data.length]);
  expect(unet!.bytes).toBe(graph.length + data.length);
  expect(relativeGap(await run(bytes), await run(plain))).toBe(0);
  expect(await find('none')).toBeUndefined();
});
