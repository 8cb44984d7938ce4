import { expect, test } from 'vitest';
import { tensor } from '../tensor/tensor.ts';
import { classifyPictures, labelPrompts } from './zero-shot.ts';

const templates = ['{}', '{a}'];
const concepts = ['car', 'a tree'];
// "a tree" is the same sentence in both templates, so it has one row.
const texts = tensor(['text', 'embedding'], [3, 2], Float32Array.of(1, 0.5, 1, -0.5, 0, 1));
const images = tensor(['image', 'embedding'], [2, 2], Float32Array.of(1, 0, 0.6, 0.8));

test('each sentence once, concept after concept', () => {
  expect(labelPrompts(concepts, templates)).toEqual(['car', 'a car', 'a tree']);
});

test('a picture gets the label of the nearest mean sentence, by the softmax of scaled cosines', () => {
  const found = classifyPictures({ images }, { texts, logitScale: 2 }, concepts, templates);
  const share = (own: number, other: number) => Math.exp(own) / (Math.exp(own) + Math.exp(other));
  // The car's mean is (1, 0): cosines 1 and 0, then 0.6 and 0.8.
  const [first, second] = [share(2, 0), share(1.6, 1.2)];
  expect(found.map(({ picture, label, second: next }) => [picture, label, next])).toEqual([
    [0, 'car', 'a tree'],
    [1, 'a tree', 'car'],
  ]);
  expect(found[0]!.probability).toBeCloseTo(first, 6);
  expect(found[1]!.probability).toBeCloseTo(second, 6);
  expect(found[1]!.margin).toBeCloseTo(2 * second - 1, 6);
});

test('one label leaves no second; none leaves nothing; other rows are refused', () => {
  const one = { texts: tensor(['text', 'embedding'], [2, 2], Float32Array.of(1, 0, 1, 0)), logitScale: 2 };
  expect(classifyPictures({ images }, one, ['car'], templates)[0]).toMatchObject({ second: '', margin: 1 });
  expect(classifyPictures({ images }, one, [], templates)).toEqual([]);
  expect(() => classifyPictures({ images }, one, concepts, templates)).toThrow('2 embedded sentences for 3');
});
