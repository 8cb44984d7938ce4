import { expect, it } from 'vitest';
import { patchPlace } from './patch-place.ts';

it.each([
  ['patches alone', 196, 0, 14, 0],
  ['a class token', 197, 0, 14, 1],
  ['a class token and one of distillation', 198, 14, 14, 2],
  ['registers, with a stated grid', 261, 16, 16, 5],
  ['a stage that has a grid of its own', 64, 4, 8, 0],
])('%s', (_, positions, stated, grid, lead) => {
  expect(patchPlace(positions, stated)).toEqual({ grid, lead });
});

it('says what fills no square', () => {
  for (const positions of [0, 200, 7]) {
    expect(() => patchPlace(positions)).toThrow(`${positions} positions, which fill no square`);
  }
});
