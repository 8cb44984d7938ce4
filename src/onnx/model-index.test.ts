import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { externalise } from './externalise.ts';
import { indexModel } from './model-index.ts';
import { locateSites } from './sites/locate.ts';
import { decodeWithOracle, indexSummary, ModelProto, oracleSummary } from './test-support/oracle.ts';
import { OnnxError, WireWriter } from './wire.ts';

const shipped = fileURLToPath(new URL('../../models', import.meta.url));
const real = process.env.VITRINE_REAL_FILES;

function onnxFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.onnx'))
    .map((path) => join(folder, path));
}

const read = (path: string) => new Uint8Array(readFileSync(path));

function matchesOracle(bytes: Uint8Array): void {
  expect(indexSummary(indexModel(bytes))).toEqual(oracleSummary(decodeWithOracle(bytes)));
}

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const names = fc.array(name, { maxLength: 4 });
const dimension = fc.oneof(
  fc.record({ dimValue: fc.integer({ min: -1, max: 2 ** 31 }) }),
  fc.record({ dimParam: name }),
  fc.constant({}),
);
const value = fc.record({
  name,
  type: fc.record({
    tensorType: fc.record({
      elemType: fc.integer({ min: 0, max: 20 }),
      shape: fc.option(fc.record({ dim: fc.array(dimension, { maxLength: 4 }) }), { nil: undefined }),
    }),
  }),
});
const graph = fc.record({
  node: fc.array(
    fc.record({
      input: names,
      output: names,
      name,
      opType: name,
      domain: fc.constantFrom('', 'ai.onnx', 'com.microsoft'),
      attribute: fc.array(fc.record({ name, i: fc.integer(), ints: fc.array(fc.integer()), f: fc.float() })),
    }),
    { maxLength: 5 },
  ),
  initializer: fc.uniqueArray(
    fc.record({
      name,
      dims: fc.array(fc.nat()),
      dataType: fc.integer({ min: 0, max: 20 }),
      rawData: fc.uint8Array({ minLength: 1 }),
    }),
    { maxLength: 4, selector: (tensor) => tensor.name },
  ),
  input: fc.array(value, { maxLength: 3 }),
  output: fc.array(value, { maxLength: 3 }),
  valueInfo: fc.uniqueArray(value, { maxLength: 3, selector: (info) => info.name }),
});
const opsetImport = fc.array(
  fc.record({ domain: fc.constantFrom('', 'com.microsoft'), version: fc.integer({ min: 1, max: 30 }) }),
);

describe('indexModel against protobufjs', () => {
  it('agrees on random models', () => {
    fc.assert(
      fc.property(graph, opsetImport, (body, opsets) => {
        const model = { irVersion: 8, producerName: 'test', graph: body, opsetImport: opsets };
        matchesOracle(ModelProto.encode(model as never).finish());
      }),
      { numRuns: 300 },
    );
  });

  it.each(onnxFiles(shipped))('agrees on %s', (path) => matchesOracle(read(path)));

  if (real !== undefined && existsSync(real)) {
    it.each(onnxFiles(real))('agrees on real file %s', (path) => matchesOracle(read(path)));
  } else {
    it('skips the real files', () =>
      console.info('VITRINE_REAL_FILES names no folder: real ONNX files are not tested'));
  }

  it('merges graphs that come in pieces, as protobuf does', () => {
    const piece = (opType: string) => ({ graph: { node: [{ opType, input: ['x'], output: [opType] }] } });
    const bytes = Uint8Array.from([
      ...ModelProto.encode(piece('Relu') as never).finish(),
      ...ModelProto.encode(piece('Tanh') as never).finish(),
    ]);
    const index = indexModel(bytes);
    expect(index.nodes.map(({ opType, position }) => [opType, position])).toEqual([
      ['Relu', 0],
      ['Tanh', 1],
    ]);
    expect(index.consumers.get('x')).toHaveLength(2);
    expect(index.producers.get('Tanh')?.opType).toBe('Tanh');
  });

  it('knows what subgraphs read from outside and which names they use', () => {
    const branch = {
      node: [
        { opType: 'Add', input: ['outer', 'own'], output: ['inside'] },
        { opType: 'Constant', output: ['own'] },
      ],
      output: [{ name: 'inside' }],
    };
    const attribute = [{ name: 'then_branch', g: branch, type: 5 }];
    const model = {
      graph: { node: [{ opType: 'If', input: ['condition'], output: ['result'], attribute }] },
    };
    const index = indexModel(ModelProto.encode(model as never).finish());
    expect(index.nodes[0]?.captured).toEqual(['outer']);
    expect(index.consumers.get('outer')?.[0]?.opType).toBe('If');
    expect(index.names.has('inside')).toBe(true);
  });

  it('indexes 200 MB in less than 100 ms', () => {
    const size = 200 * 2 ** 20;
    const head = new WireWriter();
    // graph > initializer > raw_data, the lengths computed from the inside out.
    const tensor = new WireWriter();
    tensor.varint(1, size);
    tensor.varint(2, 3);
    const inner = tensor.finish();
    const varintLength = (n: number) => Math.ceil(Math.log2(n + 1) / 7);
    const tensorLength = inner.length + 1 + varintLength(size) + size;
    const graphLength = 1 + varintLength(tensorLength) + tensorLength;
    const header = [
      ...lengthField(7, graphLength),
      ...lengthField(5, tensorLength),
      ...inner,
      ...lengthField(9, size),
    ];
    head.raw(Uint8Array.from(header));
    const bytes = new Uint8Array(header.length + size);
    bytes.set(head.finish());
    const start = performance.now();
    const index = indexModel(bytes);
    const elapsedMs = performance.now() - start;
    expect(index.initializers.get('')?.raw).toEqual({ start: header.length, end: bytes.length });
    expect(elapsedMs).toBeLessThan(100);
  });
});

function lengthField(field: number, length: number): number[] {
  const bytes = [field * 8 + 2];
  let rest = length;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

describe('broken files', () => {
  const vision = read(join(shipped, 'scene-clip-vit/onnx/vision_model.onnx'));
  const small = externalise(vision, 'weights').graph;

  const survives = (bytes: Uint8Array, locate: boolean): 'read' | 'refused' => {
    try {
      const index = indexModel(bytes);
      if (locate) locateSites(index);
      return 'read';
    } catch (error) {
      if (error instanceof OnnxError) return 'refused';
      throw error;
    }
  };

  it('survives thousands of flipped bytes', () => {
    const seen = { read: 0, refused: 0 };
    const start = performance.now();
    fc.assert(
      fc.property(
        fc.nat(small.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(19),
        (at, mask, turn) => {
          const bytes = small.slice();
          bytes[at] = bytes[at]! ^ mask;
          seen[survives(bytes, turn === 0)]++;
        },
      ),
      { numRuns: 3000 },
    );
    expect(seen.read).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
    expect((performance.now() - start) / 3000).toBeLessThan(50);
  });

  it('agrees with protobufjs wherever both can read flipped bytes', () => {
    const body = {
      node: [{ opType: 'Relu', input: ['x'], output: ['y'], name: 'n' }],
      input: [{ name: 'x' }],
    };
    // A plain copy: protobufjs returns a Buffer, whose slice would share memory.
    const bytes = new Uint8Array(
      ModelProto.encode({ graph: body, opsetImport: [{ version: 17 }] } as never).finish(),
    );
    let both = 0;
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const broken = bytes.slice();
        broken[at] = broken[at]! ^ (1 << bit);
        let oracle: ReturnType<typeof oracleSummary>;
        let index: ReturnType<typeof indexSummary>;
        try {
          oracle = oracleSummary(decodeWithOracle(broken));
          index = indexSummary(indexModel(broken));
        } catch {
          continue;
        }
        both++;
        expect(index).toEqual(oracle);
      }
    }
    expect(both).toBeGreaterThan(50);
  });

  it('survives truncation anywhere', () => {
    let refused = 0;
    for (let length = 0; length < small.length; length += 37) {
      if (survives(small.subarray(0, length), length % 20 === 0) === 'refused') refused++;
    }
    expect(refused).toBeGreaterThan(100);
  });

  it.each([
    ['no bytes', []],
    ['a PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
    ['text', [...'<!doctype html>'].map((c) => c.charCodeAt(0))],
  ])('refuses %s', (_, bytes) => {
    expect(() => indexModel(Uint8Array.from(bytes))).toThrow(OnnxError);
  });
});
