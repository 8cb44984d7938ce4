import { describe, expect, it } from 'vitest';
import type { Film, SelfAttention } from '../../protocol/capture.ts';
import { tensor } from '../../tensor/tensor.ts';
import { bindings } from './binding.ts';
import { filmFrame, forwardFrame, latentColours } from './film.ts';
import { outputMaps } from './outputs.ts';
import { selfMap } from './self.ts';

describe('recipe outputs', () => {
  it('is the softmax over words of the mean of their tokens, layer by layer', () => {
    const one = { site: 'a', gridHeight: 1, gridWidth: 1, products: Float32Array.of(9, 1, 3, 2) };
    const two = { ...one, products: Float32Array.of(0, 0, 0, 0) };
    const [first, second] = outputMaps([one, two], [[1, 2], [3]], 2, 3);
    // Means 2 and 2, then 0 and 0: even.
    expect([...first!.data]).toEqual(Array.from({ length: 6 }, () => 0.5));
    const [high, low] = outputMaps(
      [{ ...one, products: Float32Array.of(0, Math.log(3), 0, 0) }],
      [[1], [2]],
      1,
      1,
    );
    expect(high!.data[0]).toBeCloseTo(0.75, 6);
    expect(low!.data[0]).toBeCloseTo(0.25, 6);
    expect(second!.data[0]! + first!.data[0]!).toBeCloseTo(1, 6);
    expect(() => outputMaps([], [[1]], 1, 1)).toThrow('no layers');
  });
});

describe('self attention of a place', () => {
  it('reads the row of the position under it, finest layers only', () => {
    const layer = (
      gridHeight: number,
      gridWidth: number,
      heads: number,
      fill: (q: number, k: number) => number,
    ): SelfAttention => {
      const keys = gridHeight * gridWidth;
      const steps = [0, 3];
      const pattern = Uint16Array.from({ length: 2 * heads * keys ** 2 }, (_, at) =>
        Math.round(65535 * fill(Math.floor(at / keys) % keys, at % keys)),
      );
      return { site: `${gridHeight}`, gridHeight, gridWidth, heads, steps, pattern };
    };
    const fine = layer(2, 4, 3, (q, k) => (k === (q + 1) % 8 ? 1 : 0));
    const coarse = layer(1, 2, 3, () => 0.5);
    // The place lies in row 0, column 2: position 2, which looks at 3.
    const { map, uniform } = selfMap([coarse, fine], 0.6, 0.3, 2, 4);
    expect(uniform).toBe(1 / 8);
    map.data.forEach((value, at) => {
      expect(value, `${at}`).toBeCloseTo(at === 3 ? 1 : 0, 4);
    });
    expect(() => selfMap([], 0, 0, 1, 1)).toThrow('nothing was captured');
  });
});

describe('heads that bind two words', () => {
  it('are those whose maps rise and fall together', () => {
    // Two heads, four positions, three tokens; in head 1 tokens 1 and 2 agree, in head 0 they oppose each other.
    const rows = [
      [0.2, 0.7, 0.1],
      [0.2, 0.1, 0.7],
      [0.2, 0.6, 0.2],
      [0.2, 0.2, 0.6],
      [0.2, 0.4, 0.4],
      [0.8, 0.1, 0.1],
      [0.4, 0.3, 0.3],
      [0.6, 0.2, 0.2],
    ];
    const pattern = tensor(['step', 'head', 'query', 'token'], [1, 2, 4, 3], Float32Array.from(rows.flat()));
    const found = bindings([{ site: 'a', gridHeight: 2, gridWidth: 2, pattern }], [1], [2]);
    expect(found.map(({ head }) => head)).toEqual([1, 0]);
    expect(found[0]!.correlation).toBeCloseTo(1, 5);
    expect(found[1]!.correlation).toBeCloseTo(-1, 5);
    // The start token is flat in head 0: it correlates with nothing.
    expect(
      bindings([{ site: 'a', gridHeight: 2, gridWidth: 2, pattern }], [0], [1])[0]!.correlation,
    ).toBeCloseTo(0, 6);
  });
});

describe('the film', () => {
  const film: Film = {
    latentDims: [4, 1, 3],
    latents: Float32Array.from({ length: 24 }, (_, at) =>
      at < 12 ? at - 6 : [-1, 0, 1][at % 3]! * (at < 15 ? 2 : 0),
    ),
    signal: [0, 1],
  };

  it('paints the direction in which the clean latents vary most', () => {
    const { data, width } = latentColours(film).paint(filmFrame(film, 1));
    expect(width).toBe(3);
    // Only channel 0 varies, evenly about 0: red runs from dark to light, the rest stays grey.
    expect(data[0]! + data[8]!).toBeCloseTo(255, -1);
    expect(Math.abs(data[4]! - 128)).toBeLessThanOrEqual(1);
    expect([data[1], data[5], data[9]].every((value) => Math.abs(value! - 128) <= 1)).toBe(true);
  });

  it('noises its own end with its own beginning', () => {
    forwardFrame(film, 0).forEach((value, at) => {
      expect(value).toBeCloseTo(film.latents[at]!, 6);
    });
    forwardFrame(film, 1).forEach((value, at) => {
      expect(value).toBeCloseTo(film.latents[12 + at]!, 6);
    });
  });
});
