import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halfToNumber } from '../tensor/float16.ts';
import * as element from './element.ts';
import { externalise } from './externalise.ts';
import { readConstant, readInitializer, readScalar } from './initializer.ts';
import { indexModel } from './model-index.ts';
import { decodeWithOracle, ModelProto } from './test-support/oracle.ts';
import { OnnxError } from './wire.ts';

const vision = new Uint8Array(
  readFileSync(fileURLToPath(new URL('../../models/scene-clip-vit/onnx/vision_model.onnx', import.meta.url))),
);

function model(initializer: object[], node: object[] = []) {
  return indexModel(ModelProto.encode({ graph: { initializer, node } } as never).finish());
}

/** IEEE 754 binary16 by way of binary32 bits: another road than the arithmetic of halfToNumber. */
function halfByBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const rest = half & 0x7fff;
  let bits: number;
  if (rest >= 0x7c00) bits = sign | 0x7f800000 | ((rest & 0x3ff) << 13);
  else if (rest >= 0x400) bits = sign | ((rest << 13) + 0x38000000);
  else return (sign ? -1 : 1) * (rest / 2 ** 24);
  return new Float32Array(Int32Array.of(bits).buffer)[0]!;
}

describe('halfToNumber', () => {
  it('is right for all 65,536 halves', () => {
    const wrong = Array.from({ length: 65536 }, (_, half) => half).filter(
      (half) => !Object.is(halfToNumber(half), halfByBits(half)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('readInitializer', () => {
  it('agrees with protobufjs on every weight of the vision model', () => {
    const index = indexModel(vision);
    const oracle = decodeWithOracle(vision).graph!.initializer;
    expect(oracle.length).toBeGreaterThan(20);
    for (const tensor of oracle) {
      const { dims, data } = readInitializer(index, tensor.name);
      expect([...dims]).toEqual(tensor.dims.map(Number));
      const view = new DataView(tensor.rawData.buffer, tensor.rawData.byteOffset, tensor.rawData.byteLength);
      const expected = Array.from({ length: data.length }, (_, at) => {
        if (tensor.dataType === element.FLOAT16) return halfByBits(view.getUint16(2 * at, true));
        if (tensor.dataType === element.FLOAT) return view.getFloat32(4 * at, true);
        return Number(view.getBigInt64(8 * at, true));
      });
      // Element by element without the matcher, which takes seconds for a million elements.
      expect(expected.findIndex((x, at) => !Object.is(x, Number(data[at])))).toBe(-1);
      expect(expected.length).toBe(Number(tensor.dims.reduce((total, size) => total * Number(size), 1)));
    }
  });

  it('reads typed fields', () => {
    const index = model([
      { name: 'f', dims: [2], dataType: element.FLOAT, floatData: [1.5, -2] },
      { name: 'h', dims: [2], dataType: element.FLOAT16, int32Data: [0x3c00, 0xc000] },
      { name: 'i', dims: [3], dataType: element.INT64, int64Data: [-1, 0, 7] },
      { name: 'b', dims: [2], dataType: element.BOOL, int32Data: [1, 0] },
      { name: 'n', dims: [2], dataType: element.INT32, int32Data: [-5, 5] },
      { name: 's', dims: [], dataType: element.INT64, int64Data: [42] },
    ]);
    expect(readInitializer(index, 'f').data).toEqual(Float32Array.of(1.5, -2));
    expect(readInitializer(index, 'h').data).toEqual(Float32Array.of(1, -2));
    expect(readInitializer(index, 'i').data).toEqual(BigInt64Array.of(-1n, 0n, 7n));
    expect(readInitializer(index, 'b').data).toEqual(Uint8Array.of(1, 0));
    expect(readInitializer(index, 'n').data).toEqual(Int32Array.of(-5, 5));
    expect(readInitializer(index, 's')).toEqual({ dims: [], data: BigInt64Array.of(42n) });
  });

  it('reads raw data at any alignment', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
        fc.string(),
        (values, name) => {
          const rawData = new Uint8Array(BigInt64Array.from(values).buffer);
          const index = model([
            { name: `x${name}`, dims: [values.length], dataType: element.INT64, rawData },
          ]);
          expect(readInitializer(index, `x${name}`).data).toEqual(BigInt64Array.from(values));
        },
      ),
    );
  });

  it.each([
    ['an unknown name', {}, 'missing'],
    ['too few bytes', { dims: [3], dataType: element.FLOAT, rawData: new Uint8Array(8) }, 'malformed'],
    ['too few values', { dims: [3], dataType: element.FLOAT, floatData: [1] }, 'malformed'],
    [
      'a huge claimed size',
      { dims: [2 ** 40], dataType: element.FLOAT, rawData: new Uint8Array(4) },
      'malformed',
    ],
    ['strings', { dims: [1], dataType: element.STRING, rawData: new Uint8Array(4) }, 'unsupported'],
  ])('refuses %s', (_, tensor, code) => {
    const index = model([{ name: 'dims' in tensor ? 'x' : 'other', ...tensor }]);
    expect(() => readInitializer(index, 'x')).toThrow(expect.objectContaining({ code }));
    expect(() => readInitializer(index, 'x')).toThrow(OnnxError);
  });

  it('reads externalised weights from the original file', () => {
    const { graph, location } = externalise(vision, 'weights.bin');
    const full = indexModel(vision);
    const small = indexModel(graph);
    const files = (name: string) => (name === location ? vision : undefined);
    for (const name of full.initializers.keys()) {
      const there = readInitializer(small, name, files);
      const here = readInitializer(full, name);
      expect(there.dims).toEqual(here.dims);
      expect(there.data.constructor).toBe(here.data.constructor);
      expect(Buffer.from(there.data.buffer).equals(Buffer.from(here.data.buffer))).toBe(true);
    }
    const heavy = [...small.initializers.values()].find(({ external }) => external)!;
    expect(() => readInitializer(small, heavy.name)).toThrow(expect.objectContaining({ code: 'missing' }));
  });
});

describe('readConstant', () => {
  const index = model(
    [{ name: 'half', dims: [2], dataType: element.FLOAT16, int32Data: [0x3c00, 0x3800] }],
    [
      { opType: 'Cast', input: ['half'], output: ['cast'], attribute: [{ name: 'to', i: element.FLOAT }] },
      { opType: 'Identity', input: ['cast'], output: ['alias'] },
      { opType: 'Cast', input: ['alias'], output: ['truth'], attribute: [{ name: 'to', i: element.BOOL }] },
      {
        opType: 'Constant',
        output: ['literal'],
        attribute: [{ name: 'value', t: { dims: [], dataType: element.FLOAT, floatData: [0.25] } }],
      },
      { opType: 'Relu', input: ['half'], output: ['computed'] },
      { opType: 'Identity', input: ['loop2'], output: ['loop1'] },
      { opType: 'Identity', input: ['loop1'], output: ['loop2'] },
    ],
  );

  it('sees through Cast and Identity', () => {
    expect(readConstant(index, 'cast')?.data).toEqual(Float32Array.of(1, 0.5));
    expect(readConstant(index, 'alias')?.data).toEqual(Float32Array.of(1, 0.5));
    expect(readConstant(index, 'truth')?.data).toEqual(Uint8Array.of(1, 1));
  });

  it('reads Constant nodes', () => {
    expect(readScalar(index, 'literal')).toBe(0.25);
  });

  it('is null for computed values, inputs and cycles', () => {
    expect(readConstant(index, 'computed')).toBeNull();
    expect(readConstant(index, 'nothing')).toBeNull();
    expect(readConstant(index, 'loop1')).toBeNull();
  });
});
