import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

export const boat: Drawing = {
  width: 1.24,
  height: 1.2,
  area: 0.63,
  draw(pen, look) {
    const top = look.vary(0, 1.06, 1.18);
    const deck = 0.3;
    const mast = look.vary(1, -0.08, 0.04);
    pen.rect(mast - 0.022, -top, mast + 0.022, -deck + 0.02, ink([128, 92, 62], 'mast', 'wood'), 0.01);
    const reach = look.vary(2, 0.42, 0.52);
    const cloth = look.cover('sail', 'cloth', 0.2, 0.12);
    pen.polygon([mast + 0.045, -top + 0.04, mast + 0.045, -deck - 0.07, mast + reach, -deck - 0.07], cloth);
    pen.polygon(
      [mast - 0.045, -top + 0.14, mast - 0.045, -deck - 0.07, mast - reach * 0.8, -deck - 0.07],
      look.cover('sail', 'cloth', 0.2),
    );
    pen.blob([-0.62, -deck, -0.42, 0, 0.4, 0, 0.62, -deck], look.wall('hull', 0.15), 1);
    const stripe = look.color === 'white' ? ([196, 204, 214] as const) : ([248, 248, 244] as const);
    pen.polygon(
      [-0.6, -deck + 0.01, -0.575, -deck + 0.065, 0.575, -deck + 0.065, 0.6, -deck + 0.01],
      ink(stripe, 'band', 'wood'),
    );
  },
};
