import { expect, test } from 'vitest';
import type { Backend } from './ort.ts';
import { checkedBackend, relativeDifference } from './self-check.ts';

/** A backend whose only output is the input times `factor`; counts what it makes and closes. */
function scaling(factor: number) {
  const counts = { created: 0, released: 0 };
  const backend: Backend = {
    async create() {
      counts.created += 1;
      return {
        inputs: ['x'],
        outputs: ['y'],
        specs: [{ name: 'x', type: 'float32', shape: ['batch', 5] }],
        async run(feeds) {
          const { x } = feeds;
          if (x?.type !== 'float32') throw new Error('no x');
          return { y: { ...x, data: x.data.map((value) => value * factor) } };
        },
        async release() {
          counts.released += 1;
        },
      };
    },
  };
  return { backend, counts };
}

function notes() {
  const pages = new Map<string, number>();
  return {
    pages,
    read: async (key: string) => pages.get(key),
    write: async (key: string, difference: number) => void pages.set(key, difference),
  };
}

const source = { graph: Uint8Array.of(1, 2, 3) };

test('a device that agrees is compared once and then trusted', async () => {
  const own = scaling(1.0001);
  const reference = scaling(1);
  const memory = notes();
  const checked = checkedBackend(own.backend, async () => reference.backend, memory);
  await checked.create(source);
  await checked.create(source);
  expect(own.counts).toEqual({ created: 2, released: 0 });
  expect(reference.counts).toEqual({ created: 1, released: 1 });
  expect([...memory.pages.values()][0]).toBeLessThan(1e-3);
  await checked.create({ graph: Uint8Array.of(9) });
  expect(reference.counts.created).toBe(2);
});

test.each([1.1, Number.NaN, Number.POSITIVE_INFINITY])(
  'a device that is off by a factor of %d is refused, every time',
  async (factor) => {
    const own = scaling(factor);
    const reference = scaling(1);
    const checked = checkedBackend(own.backend, async () => reference.backend, notes());
    for (let i = 0; i < 2; i++)
      await expect(checked.create(source)).rejects.toMatchObject({ code: 'device' });
    expect(own.counts).toEqual({ created: 2, released: 2 });
    expect(reference.counts.created).toBe(1);
  },
);

test('of a model too large for a second copy, what comes out must be numbers', async () => {
  const weights = { path: 'w', data: { length: 200 * 2 ** 20 } as Uint8Array };
  const reference = scaling(1);
  const make = (factor: number) =>
    checkedBackend(scaling(factor).backend, async () => reference.backend, notes()).create({
      ...source,
      weights,
    });
  await expect(make(Number.NaN)).rejects.toMatchObject({ code: 'device' });
  await make(1.5);
  expect(reference.counts.created).toBe(0);
});

test('a check that cannot be made lets the device work', async () => {
  const own = scaling(1);
  const unreachable = async (): Promise<Backend> => {
    throw new Error('no second runtime');
  };
  await checkedBackend(own.backend, unreachable, notes()).create(source);
  expect(own.counts).toEqual({ created: 1, released: 0 });
});

test('differences are relative to the largest value, and nothing finite is near to NaN', () => {
  expect(relativeDifference(Float32Array.of(1, 200), Float32Array.of(1, 202))).toBeCloseTo(2 / 202, 6);
  expect(relativeDifference(Float32Array.of(0.1), Float32Array.of(0.2))).toBeCloseTo(0.1, 6);
  expect(relativeDifference(Float32Array.of(Number.NaN), Float32Array.of(Number.NaN))).toBe(0);
  expect(relativeDifference(Float32Array.of(1), Float32Array.of(Number.NaN))).toBeNaN();
  expect(relativeDifference(Float32Array.of(1), Float32Array.of(1, 2))).toBeNaN();
});
