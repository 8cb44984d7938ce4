import { expect, test } from 'vitest';
import { COLOUR_NAMES, labelId, OBJECTS, type Rgb } from './catalogue.ts';
import { drawScene } from './draw.ts';
import { boxOf } from './geometry.ts';
import golden from './golden.json';
import { computeGoldens } from './goldens.ts';
import { DRAWINGS } from './objects/drawings.ts';
import { nearestColour } from './pen.ts';
import { recolour, sampleScene, withoutThing } from './scene.ts';

test('pictures, labels, captions and noise are those the models were trained on', () => {
  expect(computeGoldens()).toEqual(golden);
});

test('a drawing does not depend on what was drawn before', () => {
  const scene = sampleScene(5);
  const first = drawScene(scene, 64);
  drawScene(sampleScene(6), 64);
  drawScene(sampleScene(6), 40);
  expect(drawScene(JSON.parse(JSON.stringify(scene)), 64)).toEqual(first);
});

test('every pixel has a scene and an object label, and instances carry their kind and mostly their colour', () => {
  const size = 96;
  const plane = size * size;
  for (let seed = 0; seed < 60; seed++) {
    const scene = sampleScene(seed);
    const { labels, instances, rgb } = drawScene(scene, size);
    expect(rgb.length).toBe(plane * 3);
    expect(labels.subarray(0, 2 * plane).includes(0)).toBe(false);
    expect(new Set(labels.subarray(0, plane))).toEqual(
      new Set([labelId('scene', scene.place), labelId('scene', scene.time)]),
    );
    for (const thing of scene.things) {
      let area = 0;
      let own = 0;
      for (let i = 0; i < plane; i++) {
        if (instances[i] !== thing.id) continue;
        area++;
        expect(labels[plane + i]).toBe(labelId('object', thing.kind));
        if (labels[5 * plane + i] === labelId('color', thing.color)) own++;
      }
      expect(area / plane).toBeGreaterThan(0.03);
      expect(area / plane).toBeLessThan(0.3);
      expect(own / area).toBeGreaterThan(0.25);
    }
  }
});

test('every kind in every colour is on average of that colour by day', () => {
  const size = 128;
  for (const kind of OBJECTS) {
    for (const name of COLOUR_NAMES) {
      const scene = sampleScene(11, {
        kinds: [kind],
        colors: [name],
        objects: 1,
        time: 'day',
        weather: 'clear',
      });
      const drawing = drawScene(scene, size);
      const mean = [0, 0, 0];
      let count = 0;
      for (let i = 0; i < size * size; i++) {
        const labelled = drawing.labels[5 * size * size + i] === labelId('color', name);
        if (drawing.instances[i] === 0 || !labelled) continue;
        count++;
        for (let c = 0; c < 3; c++) mean[c]! += drawing.rgb[3 * i + c]!;
      }
      const average: Rgb = [mean[0]! / count, mean[1]! / count, mean[2]! / count];
      expect(nearestColour(average), `${name} ${kind}`).toBe(name);
    }
  }
});

test('removing or recolouring a thing changes only its own pixels and its shadow', () => {
  const size = 96;
  const neighbours = [-size - 1, -size, 1 - size, -1, 0, 1, size - 1, size, size + 1];
  for (let seed = 0; seed < 40; seed++) {
    const scene = sampleScene(seed, { objects: 2 });
    // What stood on a thing is in the air without it, and that changes it too.
    if (scene.things.some(({ supporter }) => supporter !== undefined)) continue;
    const before = drawScene(scene, size);
    const thing = scene.things[seed % 2]!;
    const box = boxOf(thing);
    const { width, height } = DRAWINGS[thing.kind];
    const recoloured = drawScene(recolour(scene, thing.id, thing.color === 'red' ? 'blue' : 'red'), size);
    const removed = drawScene(withoutThing(scene, thing.id), size);
    expect(recoloured.instances).toEqual(before.instances);
    const margin = 2 / size;
    let area = 0;
    let stray = 0;
    for (let i = 0; i < size * size; i++) {
      const x = ((i % size) + 0.5) / size;
      const y = (Math.floor(i / size) + 0.5) / size;
      const across = x > box.left - margin && x < box.right + margin;
      const inBox = across && y > box.top - margin && y < box.bottom + margin;
      const streaks = across && y < thing.y && y > box.top - 0.2;
      const deep = (0.2 + 0.24 * height) * thing.size + margin;
      const wide = (1.5 * width + 0.9 * height) * thing.size + margin;
      const shadow = Math.abs(y - thing.ground) < deep && Math.abs(x - thing.x) < wide;
      const own = neighbours.some((offset) => before.instances[i + offset] === thing.id);
      if (own) area++;
      const differs = (other: typeof before) =>
        [0, 1, 2].some((c) => other.rgb[3 * i + c] !== before.rgb[3 * i + c]);
      if (!inBox) expect(differs(recoloured), `${thing.kind} ${x} ${y}`).toBe(false);
      if (!inBox && !shadow && !(streaks && thing.state === 'falling'))
        expect(differs(removed), `${thing.kind} ${x} ${y}`).toBe(false);
      // Hairlines below half a pixel of coverage are drawn but not labelled.
      if (!own && differs(recoloured)) stray++;
    }
    expect(removed.rgb).not.toEqual(before.rgb);
    expect(stray).toBeLessThanOrEqual(0.06 * area);
  }
});

test('an impossible size or thing is refused', () => {
  expect(() => drawScene(sampleScene(1), 0)).toThrow('invalid size: 0');
  expect(() => withoutThing(sampleScene(1), 77)).toThrow('no thing 77');
});
