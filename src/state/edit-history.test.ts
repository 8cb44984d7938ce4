import { expect, test } from 'vitest';
import { PLAIN_EDIT } from '../protocol/steer.ts';
import { createEditHistory } from './edit-history.ts';

const louder = { ...PLAIN_EDIT, weights: [{ word: 2, weight: 3 }] };
const bluer = { ...PLAIN_EDIT, prompt: 'a blue car' };
const picture = { width: 1, height: 1, data: new Uint8ClampedArray(4) };

test('a history that begins with an edit has the way back to the plain picture', () => {
  const { store, visit, drawn } = createEditHistory();
  visit(louder);
  expect(store.getState().entries.map(({ edit }) => edit)).toEqual([PLAIN_EDIT, louder]);
  expect(store.getState().at).toBe(1);
  drawn(PLAIN_EDIT, picture);
  expect(store.getState().entries.map(({ image }) => image)).toEqual([picture, undefined]);
});

test('going back and editing anew drops what was undone; a known edit is gone to', () => {
  const { store, visit } = createEditHistory();
  for (const edit of [PLAIN_EDIT, louder, bluer, louder]) visit(edit);
  expect(store.getState()).toMatchObject({ at: 1 });
  expect(store.getState().entries).toHaveLength(3);
  const other = { ...PLAIN_EDIT, weights: [{ word: 1, weight: 0 }] };
  visit(other);
  expect(store.getState().entries.map(({ edit }) => edit)).toEqual([PLAIN_EDIT, louder, other]);
  expect(store.getState().at).toBe(2);
});
