import { labelId } from '../catalogue.ts';
import { ink } from '../pen.ts';
import { drawCar } from './car.ts';
import type { Drawing } from './drawing.ts';

/** A car with a lit sign on its roof and a checker band along its side. */
export const taxi: Drawing = {
  width: 1.6,
  height: 0.9,
  area: 0.85,
  draw(pen, look) {
    const roof = look.vary(0, 0.68, 0.74);
    const middle = (look.vary(2, -0.62, -0.46) + look.vary(3, 0.34, 0.44)) / 2 - 0.02;
    const black = look.color === 'black';
    pen.rect(
      middle - 0.19,
      -roof - 0.14,
      middle + 0.19,
      -roof + 0.02,
      ink([255, 244, 196], 'sign', 'glass'),
      0.03,
    );
    pen.rect(middle - 0.13, -roof - 0.09, middle + 0.13, -roof - 0.035, ink([60, 56, 60], 'sign', 'glass'));
    drawCar(pen, look);
    pen.rect(
      -0.7,
      -0.31,
      0.68,
      -0.17,
      ink(black ? [250, 214, 70] : [36, 36, 42], 'band', 'metal', {
        shade: 0.1,
        pattern: { kind: 'checked', period: 0.14, rgb: [250, 250, 246], color: labelId('color', 'white') },
      }),
    );
    for (const x of [-0.45, 0.46]) {
      pen.circle(x, -0.16, 0.165, ink([44, 44, 50], 'wheel', 'rubber'));
      pen.circle(x, -0.16, 0.085, ink([205, 208, 214], 'wheel', 'metal'));
    }
  },
};
