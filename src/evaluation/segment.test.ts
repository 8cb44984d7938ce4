import { expect, test } from 'vitest';
import { scenePixels } from '../jobs/scenes.ts';
import { COLOURS } from '../world/catalogue.ts';
import { drawScene } from '../world/draw.ts';
import { sampleScene } from '../world/scene.ts';
import { FIXED_PROMPTS } from './prompts.ts';
import { segmentByColour, toLab } from './segment.ts';

test('known colours have known L*a*b*', () => {
  const close = (actual: readonly number[], expected: readonly number[]) =>
    actual.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(0.05);
    });
  close(toLab(255, 255, 255), [100, 0, 0]);
  close(toLab(255, 0, 0), [53.24, 80.09, 67.2]);
  close(toLab(0, 0, 255), [32.3, 79.19, -107.86]);
});

test('on drawn scenes of the fixed prompts it finds the object and little else', () => {
  const precisions = FIXED_PROMPTS.map(({ kind, color, seed, text }) => {
    const place = (['lawn', 'road', 'beach', 'sea', 'desert', 'city'] as const).find((name) =>
      text.includes(name),
    )!;
    const scene = sampleScene(seed, { kinds: [kind], colors: [color], objects: 1, place, time: 'day' });
    const drawing = drawScene(scene, 128);
    const found = segmentByColour(scenePixels(drawing), COLOURS[color]);
    if (!found) return Number.NaN;
    let inside = 0;
    let all = 0;
    found.data.forEach((value, i) => {
      all += value;
      if (value && drawing.instances[i]) inside++;
    });
    return inside / all;
  });
  const found = precisions.filter((value) => !Number.isNaN(value));
  // What the heatmaps are judged by must itself be right: nearly always found, nearly always the object.
  expect(found.length).toBeGreaterThanOrEqual(95);
  expect(found.filter((value) => value > 0.8).length / found.length).toBeGreaterThan(0.95);
});

test('a picture without the colour gives nothing', () => {
  const drawing = drawScene(
    sampleScene(3, { kinds: ['car'], colors: ['blue'], objects: 1, place: 'road', time: 'day' }),
    128,
  );
  expect(segmentByColour(scenePixels(drawing), COLOURS.pink)).toBeNull();
});
