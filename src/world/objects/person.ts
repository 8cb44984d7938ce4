import type { Rgb } from '../catalogue.ts';
import { BLACK, type InkOptions, ink, mix } from '../pen.ts';
import type { Drawing } from './drawing.ts';

const SKINS: readonly Rgb[] = [
  [250, 214, 184],
  [232, 186, 146],
  [196, 140, 100],
  [140, 92, 64],
];
const HAIRS: readonly Rgb[] = [
  [58, 42, 36],
  [122, 78, 44],
  [222, 184, 104],
  [40, 38, 44],
];

export const person: Drawing = {
  width: 0.63,
  height: 1.17,
  area: 0.44,
  draw(pen, look) {
    const skinRgb = SKINS[look.choose(0, 4)]!;
    const skin = ink(skinRgb, 'head', 'skin');
    const hand = ink(skinRgb, 'arm', 'skin');
    const hairRgb = HAIRS[look.choose(1, 4)]!;
    const hair = ink(hairRgb, 'hair', 'skin');
    const name: InkOptions = look.secondName ? { color: look.secondName } : {};
    const trousers = ink(look.second, 'trousers', 'cloth', name);
    const shade = ink(mix(look.second, BLACK, 0.18), 'trousers', 'cloth', name);
    const shoe = ink([70, 58, 56], 'shoe', 'rubber');
    const step = look.vary(2, 0.02, 0.1);
    const hip = look.vary(3, 0.44, 0.48);
    const neck = 0.86;
    if (look.choose(4, 2) === 0) pen.blob([-0.17, -0.98, -0.19, -0.72, 0.19, -0.72, 0.17, -0.98], hair, 2);
    pen.polygon([-0.17, -hip, 0.02, -hip, -0.02 - step, -0.03, -0.15 - step, -0.03], shade);
    pen.polygon([-0.02, -hip, 0.17, -hip, 0.15 + step, -0.03, 0.02 + step, -0.03], trousers);
    pen.rect(-0.17 - step, -0.065, -0.005 - step, 0, shoe, 0.03);
    pen.rect(0.01 + step, -0.065, 0.185 + step, 0, shoe, 0.03);
    const wave = look.choose(5, 3) === 0;
    const sleeve = look.own('shirt', 'cloth', -0.14);
    pen.line(-0.16, -neck + 0.08, -0.25, -0.56, 0.115, sleeve);
    pen.circle(-0.26, -0.51, 0.052, hand);
    if (wave) {
      pen.line(0.15, -neck + 0.08, 0.25, -0.95, 0.11, sleeve);
      pen.circle(0.258, -1.0, 0.052, hand);
    } else {
      pen.line(0.16, -neck + 0.08, 0.25, -0.56, 0.115, sleeve);
      pen.circle(0.26, -0.51, 0.052, hand);
    }
    pen.rect(-0.055, -0.93, 0.055, -0.82, ink(mix(skinRgb, BLACK, 0.12), 'head', 'skin'));
    pen.rect(-0.195, -neck, 0.195, -hip + 0.03, look.cover('shirt', 'cloth', 0.13), 0.09);
    pen.ellipse(0, -1.0, 0.13, 0.145, skin);
    pen.blob([-0.15, -0.98, -0.15, -1.17, 0.15, -1.17, 0.15, -0.98, 0.1, -1.06, -0.1, -1.08], hair, 2);
    const eye = ink([40, 34, 36], 'eye', 'skin', { shade: 0 });
    pen.circle(-0.02, -1.0, 0.017, eye);
    pen.circle(0.07, -1.0, 0.017, eye);
    pen.rect(0, -0.942, 0.06, -0.928, ink([190, 90, 84], 'mouth', 'skin', { shade: 0 }), 0.006);
  },
};
