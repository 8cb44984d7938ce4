/** The structural twins of models/fixtures: files, and what PyTorch's hooks saw (see the README there). */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';

const folder = join(import.meta.dirname, '../../../models/fixtures');

type Stored =
  | { readonly dims: readonly number[]; readonly type: 'float32'; readonly offset: number }
  | {
      readonly dims: readonly number[];
      readonly type: 'int64' | 'bool';
      readonly values: readonly (number | boolean)[];
    };

export type Intervention = {
  readonly site: string;
  readonly op: 'gate' | 'add' | 'replaceWhere';
  readonly axis: 'head' | 'channel';
  readonly index: number;
  readonly value: number;
  readonly heads?: number;
  /** In the order of `Golden.outputs`. */
  readonly outputs: readonly Stored[];
};

type Manifest = {
  readonly architecture: string;
  readonly feeds: Readonly<Record<string, Stored>>;
  readonly outputs: Readonly<Record<string, Stored>>;
  readonly sites: Readonly<Record<string, Stored & { readonly module: string }>>;
  readonly interventions: readonly Intervention[];
};

type Entry = {
  readonly source: string;
  readonly exporter: string;
  readonly precision: string;
  /** Of the largest magnitude of the golden, at least 1. */
  readonly tolerance: number;
  readonly feeds?: Readonly<Record<string, Stored>>;
};

export type Twin = Entry & {
  readonly name: string;
  readonly golden: Manifest;
  readonly bytes: () => Uint8Array;
  readonly values: (stored: Stored) => Float32Array;
  /** Feeds for those of these inputs that the exporter kept. */
  readonly feedsFor: (inputs: readonly string[]) => Record<string, Tensor>;
};

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}

export function readTwins(): readonly Twin[] {
  const index: Readonly<Record<string, Entry>> = readJson('twins.json');
  return Object.entries(index).map(([name, entry]) => {
    const golden: Manifest = readJson(`goldens/${entry.source}.json`);
    const bin = readFileSync(join(folder, `goldens/${entry.source}.bin`));
    const floats = new Float32Array(new Uint8Array(bin).buffer);
    const values = (stored: Stored): Float32Array => {
      const count = stored.dims.reduce((product, size) => product * size, 1);
      return stored.type === 'float32'
        ? floats.subarray(stored.offset, stored.offset + count)
        : Float32Array.from(stored.values, Number);
    };
    const tensor = (stored: Stored): Tensor => {
      if (stored.type === 'float32') return new Tensor('float32', values(stored).slice(), stored.dims);
      return stored.type === 'bool'
        ? new Tensor('bool', Uint8Array.from(stored.values, Number), stored.dims)
        : new Tensor(
            'int64',
            BigInt64Array.from(stored.values, (value) => BigInt(value)),
            stored.dims,
          );
    };
    return {
      ...entry,
      name,
      golden,
      bytes: () => new Uint8Array(readFileSync(join(folder, `files/${name}.onnx`))),
      values,
      feedsFor: (inputs) =>
        Object.fromEntries(
          Object.entries({ ...golden.feeds, ...entry.feeds })
            .filter(([input]) => inputs.includes(input))
            .map(([input, stored]) => [input, tensor(stored)]),
        ),
    };
  });
}

/** The largest difference over the largest golden magnitude (at least 1); infinite when the sizes disagree. */
export function relativeGap(actual: ArrayLike<number>, golden: ArrayLike<number>): number {
  if (actual.length !== golden.length) return Number.POSITIVE_INFINITY;
  let gap = 0;
  let size = 1;
  for (let at = 0; at < golden.length; at++) {
    gap = Math.max(gap, Math.abs(actual[at]! - golden[at]!));
    size = Math.max(size, Math.abs(golden[at]!));
    if (Number.isNaN(actual[at]!)) return Number.NaN;
  }
  return gap / size;
}
