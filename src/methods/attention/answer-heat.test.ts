import { describe, expect, it } from 'vitest';
import type { AnswerExplanation, TokenExplanation } from '../../protocol/ask.ts';
import { tensor } from '../../tensor/tensor.ts';
import { answerHeat, imageHeads, keyWeights, partShares, WHOLE } from './answer-heat.ts';
import { rollout, sinks } from './rollout.ts';

// Two layers of two heads over five keys: start, two image tokens, a question word, an answer word.
const attention = tensor(
  ['layer', 'head', 'key'],
  [2, 2, 5],
  Float32Array.of(
    0.6,
    0.1,
    0.1,
    0.1,
    0.1,
    0.2,
    0.5,
    0.1,
    0.1,
    0.1,
    0.1,
    0.1,
    0.6,
    0.1,
    0.1,
    0.1,
    0.1,
    0.1,
    0.6,
    0.1,
  ),
);
const token: TokenExplanation = {
  from: 4,
  id: 7,
  text: 'yellow',
  probability: 0.9,
  against: { id: 8, text: 'blue', probability: 0.05 },
  logitDifference: 3,
  attention,
  attribution: tensor(
    ['layer', 'head', 'key'],
    [2, 2, 5],
    attention.data.map((value, i) => (i % 2 ? value : -value)),
  ),
  rollout: Float32Array.of(0.2, 0.2, 0.2, 0.2, 0.2),
  lens: [],
};
const roles = ['template', 'image', 'image', 'question', 'answer'] as const;
const explanation: AnswerExplanation = {
  image: { width: 2, height: 1, data: new Uint8ClampedArray(8) },
  sequence: roles.map((role, position) => ({ position, id: position, text: role, role })),
  imagePositions: [1, 2],
  gridHeight: 1,
  gridWidth: 2,
  tokens: [token],
  sinks: [],
  queries: null,
  device: 'wasm',
  elapsedMs: 0,
};

const close = (actual: ArrayLike<number>, wanted: readonly number[]) => {
  expect(actual.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, 6);
  });
};

describe('heat of an answer', () => {
  it('is the mean of attention and the sum of attribution over what is chosen', () => {
    close(keyWeights(token, 'attention', WHOLE), [0.25, 0.2, 0.225, 0.225, 0.1]);
    close(keyWeights(token, 'attention', { layer: 1, head: 0 }), [0.1, 0.1, 0.6, 0.1, 0.1]);
    close(
      keyWeights(token, 'attribution', { layer: 0, head: 'mean' }),
      [-0.4, -0.4, 0, 0, 0].map((_, i) =>
        [0, 1].reduce((sum, head) => sum + token.attribution.data[head * 5 + i]!, 0),
      ),
    );
    close(answerHeat(explanation, token, 'attention', WHOLE).data, [0.2, 0.225]);
  });

  it('spreads queries over the patches that they read', () => {
    const queries = {
      maps: tensor(['query', 'y', 'x'], [2, 1, 2], Float32Array.of(0.9, 0.1, 0.2, 0.7)),
      layers: tensor(['layer', 'query', 'y', 'x'], [1, 2, 1, 2], Float32Array.of(0.9, 0.1, 0.2, 0.7)),
    };
    const { data } = answerHeat({ ...explanation, queries }, token, 'attention', WHOLE);
    close(data, [0.2 * 0.9 + 0.225 * 0.2, 0.2 * 0.1 + 0.225 * 0.7]);
  });

  it('shares attention out over the parts of the sequence, all of it', () => {
    const shares = partShares(explanation, token, 'attention');
    close([shares.template, shares.image, shares.question, shares.answer], [0.25, 0.425, 0.225, 0.1]);
    close(imageHeads(explanation, token).flat(), [0.2, 0.6, 0.7, 0.2]);
  });
});

describe('rollout and sinks', () => {
  const causal = tensor(
    ['head', 'query', 'key'],
    [1, 4, 4],
    Float32Array.of(1, 0, 0, 0, 0.8, 0.2, 0, 0, 0.7, 0.1, 0.2, 0, 0.7, 0.1, 0.1, 0.1),
  );

  it('is half the pattern and half the identity for one layer', () => {
    const { data } = rollout([causal]);
    close(data.slice(12), [0.35, 0.05, 0.05, 0.55]);
    for (let row = 0; row < 4; row++) {
      expect(
        rollout([causal, causal])
          .data.slice(row * 4, row * 4 + 4)
          .reduce((a, b) => a + b, 0),
      ).toBeCloseTo(1, 6);
    }
  });

  it('names the position that takes most of all later attention', () => {
    expect(sinks([causal])).toEqual([{ position: 0, share: expect.closeTo((0.8 + 0.7 + 0.7) / 3, 6) }]);
  });
});
