import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { divide, multiply } from './dimension.ts';
import { externalise } from './externalise.ts';
import { instrument } from './instrument.ts';
import { indexModel } from './model-index.ts';
import { topologicalOrder } from './order.ts';
import { inferShapes } from './shapes.ts';
import { tap } from './tap.ts';
import { tinyTransformer } from './test-support/tiny-model.ts';
import type { Dimension } from './value-info.ts';
import { elementTypeOf } from './value-type.ts';

const shipped = (path: string) =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../../models/${path}`, import.meta.url))));

const SIZES: Readonly<Record<string, number>> = { batch: 2, sequence: 9 };

/** A dimension with the symbols replaced by the sizes of the run; null when it has others (the exporter's own names). */
function sizeOf(size: Dimension): number | null {
  if (typeof size !== 'string') return size;
  const factors = size.split('*').map((part) => SIZES[part] ?? Number(part));
  return factors.some(Number.isNaN) ? null : factors.reduce((a, b) => a * b, 1);
}

/** onnxruntime's names of element types, by TensorProto.DataType. */
const TYPES = new Map([
  [1, 'float32'],
  [6, 'int32'],
  [7, 'int64'],
  [9, 'bool'],
]);

const MODELS: [string, () => Uint8Array][] = [
  ['vision_model', () => shipped('scene-clip-vit/onnx/vision_model.onnx')],
  ['text_model', () => shipped('scene-clip-vit/onnx/text_model.onnx')],
  ['unet', () => shipped('scene-diffusion/onnx/unet.onnx')],
  ['vae_decoder', () => shipped('scene-diffusion/onnx/vae_decoder.onnx')],
  ['tiny, folded', () => tinyTransformer({ layout: 'folded', cross: true, mask: 'trilu', guarded: true })],
  ['tiny, packed', () => tinyTransformer({ layout: 'packed', norm: 'spelled', activation: 'gelu-tanh' })],
];

describe('every inferred size and element type is what the runtime computes', () => {
  it.each(MODELS)('%s', async (_, bytes) => {
    const original = bytes();
    const { graph, location } = externalise(original, 'model.onnx');
    const model = indexModel(graph);
    const shapes = inferShapes(model);
    const values = model.nodes.flatMap(({ outputs }) => outputs).filter((value) => value !== '');
    const taps = tap(model, values);
    const session = await InferenceSession.create(instrument(model, [taps]), {
      externalData: [{ path: location, data: original }],
      logSeverityLevel: 3,
      intraOpNumThreads: 1,
    });
    const feeds = Object.fromEntries(
      model.inputs.map(({ name, dims, elementType }) => {
        const shape = dims!.map((size) => sizeOf(size)!);
        const count = shape.reduce((a, b) => a * b, 1);
        const ids = BigInt64Array.from({ length: count }, (_, at) => BigInt(4 + (at % 20)));
        const floats = Float32Array.from({ length: count }, (_, at) => Math.sin(at));
        return [
          name,
          elementType === 7 ? new Tensor('int64', ids, shape) : new Tensor('float32', floats, shape),
        ];
      }),
    );
    const results = await session.run(feeds);
    let compared = 0;
    for (const { value, output } of taps.outputs) {
      const result = results[output]!;
      const shape = shapes.get(value);
      const type = TYPES.get(elementTypeOf(model, value));
      if (type !== undefined) expect([value, type]).toEqual([value, result.type]);
      if (!shape) continue;
      expect([value, shape.length]).toEqual([value, result.dims.length]);
      shape.forEach((size, axis) => {
        const expected = sizeOf(size);
        if (expected === null) return;
        compared++;
        expect([value, axis, expected]).toEqual([value, axis, result.dims[axis]]);
      });
    }
    expect(compared).toBeGreaterThan(values.length);
    await session.release();
  });
});

describe('dimension arithmetic', () => {
  it('multiplies and cancels symbols', () => {
    expect(multiply(['batch', 4, 'x', 3])).toBe('12*batch*x');
    expect(divide('12*batch*x', 'batch')).toBe('12*x');
    expect(divide('12*batch*x', multiply([4, 'x', 'batch']))).toBe(3);
    expect(multiply([0, 'batch'])).toBe(0);
  });

  it('knows nothing rather than something wrong', () => {
    expect(divide('batch', 'x')).toBeNull();
    expect(divide(7, 2)).toBeNull();
    expect(divide('batch', 0)).toBeNull();
    expect(multiply([2, null])).toBeNull();
  });
});

describe('topologicalOrder', () => {
  it('puts every node after what it reads, also when the file does not', () => {
    const model = indexModel(tinyTransformer({ cross: true }));
    const shuffled = { ...model, nodes: [...model.nodes].reverse() };
    const order = topologicalOrder(shuffled);
    expect(new Set(order).size).toBe(model.nodes.length);
    const at = new Map(order.map((node, index) => [node, index]));
    for (const node of order) {
      for (const input of node.inputs) {
        const producer = model.producers.get(input);
        if (producer) expect(at.get(producer)!).toBeLessThan(at.get(node)!);
      }
    }
  });

  it('ends on a cycle', () => {
    const model = indexModel(tinyTransformer({ blocks: 1 }));
    const [first, second] = [model.nodes[5]!, model.nodes[9]!];
    const producers = new Map(model.producers);
    for (const input of first.inputs) producers.set(input, second);
    for (const input of second.inputs) producers.set(input, first);
    expect(topologicalOrder({ ...model, producers }).length).toBe(model.nodes.length);
  });
});
