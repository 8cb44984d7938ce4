import { expect, test } from 'vitest';
import { pictureSession } from './picture-session.ts';
import type { Session, Value } from './session.ts';

/** Gives each picture's sum and its double; notes what it is asked. */
function summing(): { readonly session: Session; readonly asked: [string, readonly number[]][] } {
  const asked: [string, readonly number[]][] = [];
  const session: Session = {
    inputs: ['data_0'],
    outputs: ['sums'],
    async run(feeds) {
      const [[name, value]] = Object.entries(feeds) as [[string, (typeof feeds)[string]]];
      if (value.type !== 'float32') throw new Error(value.type);
      asked.push([name, value.dims]);
      const count = value.dims[0]!;
      const size = value.data.length / count;
      const data = Float32Array.from({ length: count * 2 }, (_, i) => {
        const picture = value.data.subarray((i >> 1) * size, ((i >> 1) + 1) * size);
        return picture.reduce((a, b) => a + b, 0) * (1 + (i & 1));
      });
      return { sums: { type: 'float32', dims: [count, 2], data } };
    },
    release: async () => {},
  };
  return { session, asked };
}

const pixels = { type: 'float32', dims: [3, 1, 1, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) } as const;

test('a model for one picture at a time takes many', async () => {
  const { session, asked } = summing();
  const { sums } = await pictureSession(session, { name: 'data_0', batch: 1 }).run({ pixel_values: pixels }, [
    'sums',
  ]);
  expect(sums).toEqual({ type: 'float32', dims: [3, 2], data: Float32Array.of(3, 6, 7, 14, 11, 22) });
  expect(asked).toEqual(Array(3).fill(['data_0', [1, 1, 1, 2]]));
});

test('a free batch goes in whole, under the name that the model uses', async () => {
  const { session, asked } = summing();
  await pictureSession(session, { name: 'data_0', batch: null }).run({ pixel_values: pixels }, ['sums']);
  expect(asked).toEqual([['data_0', [3, 1, 1, 2]]]);
  expect(pictureSession(session, { name: 'pixel_values', batch: null })).toBe(session);
});

test('another fixed batch is refused by name', async () => {
  const { session } = summing();
  const two = pictureSession(session, { name: 'data_0', batch: 2 });
  await expect(two.run({ pixel_values: pixels }, ['sums'])).rejects.toThrow('batches of 2, not 3');
});

test('a model of several pictures a row gets them as one row, all of each marked as picture', async () => {
  const given: Record<string, Value>[] = [];
  const session: Session = {
    inputs: ['pixel_values', 'pixel_attention_mask'],
    outputs: ['states'],
    run: async (feeds) => {
      given.push({ ...feeds });
      return {};
    },
    release: async () => {},
  };
  const several = pictureSession(session, { name: 'pixel_values', batch: null, several: true });
  await several.run({ pixel_values: pixels }, ['states']);
  expect(given[0]?.pixel_values?.dims).toEqual([1, 3, 1, 1, 2]);
  expect(given[0]?.pixel_values?.data).toBe(pixels.data);
  expect(given[0]?.pixel_attention_mask).toEqual({
    type: 'bool',
    dims: [1, 3, 1, 2],
    data: new Uint8Array(6).fill(1),
  });
});
