import { describe, expect, it } from 'vitest';
import { tensor } from '../../tensor/tensor.ts';
import { gaussian, Random } from '../../world/random.ts';
import { nullBand } from './band.ts';
import { embed } from './head.ts';
import { probeMean } from './lens.ts';
import { readLayer, throughHead, vectorsOf } from './reader.ts';
import { centreTexts, meanRow, normaliseTexts, row } from './texts.ts';
import { zeroShot } from './zeroshot.ts';

/** LayerNorm of (1, 3, 8) by hand: mean 4, variance 26/3; gamma and beta asymmetric; projection to 2. */
const head = {
  gamma: Float32Array.of(1, 2, 0.5),
  beta: Float32Array.of(0, 1, -1),
  epsilon: 0,
  projection: tensor(['width', 'embedding'], [3, 2], Float32Array.of(1, 0, 0, 1, 2, -1)),
};
const state = Float32Array.of(1, 3, 8);
const deviation = Math.sqrt(26 / 3);
const byHand = [-3 / deviation + 2 * (2 / deviation - 1), -2 / deviation + 1 - (2 / deviation - 1)];

describe('embedding head', () => {
  it('is LayerNorm, then projection', () => {
    const embedding = embed(state, head);
    expect(embedding[0]).toBeCloseTo(byHand[0]!, 6);
    expect(embedding[1]).toBeCloseTo(byHand[1]!, 6);
  });

  it('adds epsilon to the variance', () => {
    const flat = embed(Float32Array.of(2, 2, 2), { ...head, epsilon: 1e-5 });
    expect([...flat]).toEqual([-2, 2]);
  });

  it('rejects a state of another width', () => {
    expect(() => embed(Float32Array.of(1, 2), head)).toThrow('state of 2 values');
  });
});

describe('texts', () => {
  const texts = tensor(['text', 'embedding'], [2, 2], Float32Array.of(3, 4, 0, 2));

  it('normalises, means and centres by row', () => {
    const unit = normaliseTexts(texts);
    expect([...unit.data]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 1]);
    const mean = meanRow(unit);
    expect([...mean]).toEqual([Math.fround(0.3), Math.fround(0.9)]);
    const centred = centreTexts(unit, mean);
    expect([...row(centred, 1)]).toEqual([expect.closeTo(-0.3, 6), expect.closeTo(0.1, 6)]);
    expect([...meanRow(centred)]).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
    expect([...texts.data]).toEqual([3, 4, 0, 2]);
    expect(() => row(texts, 2)).toThrow('no row 2');
  });
});

describe('text lens', () => {
  const probes = tensor(['image', 'width'], [2, 3], Float32Array.of(1, 3, 8, 3, 8, 1));
  const concepts = tensor(['text', 'embedding'], [2, 2], Float32Array.of(1, 0, 0, -2));
  const randomWords = tensor(['text', 'embedding'], [3, 2], Float32Array.of(1, 1, -1, 0, 0, 1));

  it('is the cosine of the centred embedding with each centred text', () => {
    const mean = probeMean(probes, head);
    const other = embed(Float32Array.of(3, 8, 1), head);
    expect(mean[0]).toBeCloseTo((byHand[0]! + other[0]!) / 2, 6);
    const x = byHand[0]! - mean[0]!;
    const y = byHand[1]! - mean[1]!;
    const result = readLayer(
      {
        site: 'vision.blocks.3.resid_post',
        block: 3,
        measure: 'cosine',
        carry: throughHead(head),
        centre: mean,
        concepts: vectorsOf(concepts),
        nulls: vectorsOf(randomWords),
      },
      state,
    );
    expect(result).toMatchObject({ site: 'vision.blocks.3.resid_post', block: 3 });
    expect(result.similarity[0]).toBeCloseTo(x / Math.hypot(x, y), 5);
    expect(result.similarity[1]).toBeCloseTo(-y / Math.hypot(x, y), 5);
    expect(result.band.samples).toBe(3);
    expect(result.band.low).toBeLessThan(result.band.high);
  });

  it('is silent for the mean image: a state at the probe mean is like nothing', () => {
    const { similarity } = readLayer(
      {
        site: 's',
        block: 0,
        measure: 'cosine',
        carry: throughHead(head),
        centre: embed(state, head),
        concepts: vectorsOf(concepts),
        nulls: vectorsOf(randomWords),
      },
      state,
    );
    expect(similarity).toEqual([0, 0]);
  });
});

describe('null band', () => {
  it('lies between the k-th figures from both ends', () => {
    const values = Float32Array.from({ length: 201 }, (_, i) => ((i * 37) % 201) - 100);
    // floor(0.025 * 202) = 5: the fifth smallest is -96.
    expect(nullBand(values)).toEqual({ low: -96, high: 96, samples: 201 });
    expect(nullBand([3, 1, 2])).toEqual({ low: 1, high: 3, samples: 3 });
    expect(() => nullBand([])).toThrow('no values');
    expect(() => nullBand([1, Number.NaN])).toThrow('NaN');
  });

  it('holds one more figure of the same kind in 95% of cases, and not much oftener', () => {
    const random = new Random(17);
    const draws = 4000;
    let inside = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const { low, high } = nullBand(Float64Array.from({ length: 79 }, () => gaussian(random)));
      const one = gaussian(random);
      if (one >= low && one <= high) inside += 1;
    }
    // k = 2 of 79: 1 - 4 / 80 = 95% exactly; three standard errors of 4,000 draws are 1%.
    expect(Math.abs(inside / draws - 0.95)).toBeLessThan(0.0104);
  });
});

describe('zero-shot', () => {
  it('is the softmax of scaled cosines, whatever the lengths', () => {
    const texts = tensor(['text', 'embedding'], [3, 2], Float32Array.of(5, 0, 0, 0.1, -3, 0));
    const result = zeroShot(Float32Array.of(2, 0), texts, Math.log(4));
    expect(result.cosine).toEqual([1, 0, -1]);
    // 4^1 : 4^0 : 4^-1
    expect(result.probability).toEqual([16 / 21, 4 / 21, 1 / 21].map((value) => expect.closeTo(value, 12)));
    expect(result.baseline).toBe(1 / 3);
  });
});
