import { expect, test } from 'vitest';
import golden from './golden.json';
import { computeGoldens } from './goldens.ts';

test('Chromium draws the same bytes as Node', () => {
  expect(computeGoldens()).toEqual(golden);
});
