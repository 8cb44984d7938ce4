import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

const ROOT = 0.8660254037844386;
/** Unit vectors of five and six petals, from the top. */
const RINGS: readonly (readonly (readonly [number, number])[])[] = [
  [
    [0, -1],
    [0.9510565162951535, -0.3090169943749474],
    [0.5877852522924731, 0.8090169943749475],
    [-0.5877852522924731, 0.8090169943749475],
    [-0.9510565162951535, -0.3090169943749474],
  ],
  [
    [0, -1],
    [ROOT, -0.5],
    [ROOT, 0.5],
    [0, 1],
    [-ROOT, 0.5],
    [-ROOT, -0.5],
  ],
];

export const flower: Drawing = {
  width: 0.8,
  height: 1.12,
  area: 0.47,
  draw(pen, look) {
    const stem = ink([66, 140, 62], 'stem', 'leaf');
    const blade = ink([84, 164, 74], 'leaf', 'leaf');
    const cy = -0.72;
    pen.line(0, 0, 0, cy, 0.065, stem);
    const high = look.vary(0, 0.1, 0.2);
    pen.blob([0, -high + 0.08, 0.12, -high - 0.16, 0.36, -high - 0.2, 0.26, -high + 0.02], blade);
    pen.blob([0, -high + 0.06, -0.12, -high - 0.1, -0.34, -high - 0.12, -0.25, -high + 0.06], blade);
    const petals = RINGS[look.choose(1, 2)]!;
    const reach = look.vary(2, 0.205, 0.23);
    const wide = look.vary(3, 0.115, 0.14);
    petals.forEach(([ux, uy], i) => {
      const petal = look.own('petal', 'leaf', i % 2 === 0 ? 0.06 : -0.08);
      pen.ellipse(ux * reach, cy + uy * reach, 0.165, wide, petal, ux, uy);
    });
    const heart = look.color === 'yellow' || look.color === 'orange' ? [122, 76, 42] : [250, 204, 60];
    pen.circle(0, cy, 0.12, ink([heart[0]!, heart[1]!, heart[2]!], 'centre', 'leaf', { texture: 'dotted' }));
  },
};
