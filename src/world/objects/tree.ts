import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

export const tree: Drawing = {
  width: 0.95,
  height: 1.19,
  area: 0.52,
  draw(pen, look) {
    const bark = ink([118, 80, 52], 'trunk', 'wood');
    const trunk = look.vary(0, 0.07, 0.1);
    pen.polygon([-trunk - 0.03, 0, -trunk, -0.5, trunk, -0.5, trunk + 0.03, 0], bark);
    if (look.choose(1, 4) === 0) {
      // A conifer: three tiers.
      for (let tier = 0; tier < 3; tier++) {
        const base = -0.26 - tier * 0.25;
        const half = 0.43 - tier * 0.1;
        pen.polygon(
          [
            -half,
            base,
            0,
            base - 0.42,
            half,
            base,
            half * 0.5,
            base + 0.035,
            0,
            base + 0.05,
            -half * 0.5,
            base + 0.035,
          ],
          look.own('foliage', 'leaf', tier * 0.05 - 0.08),
        );
      }
      return;
    }
    pen.line(0, -0.3, 0.16, -0.5, 0.05, bark);
    const wide = look.vary(2, 0.33, 0.4);
    const lean = look.vary(3, -0.05, 0.05);
    const crown = look.own('foliage', 'leaf', -0.1);
    pen.ellipse(lean - 0.21, -0.56, 0.21, 0.19, crown);
    pen.ellipse(lean + 0.21, -0.58, 0.21, 0.19, crown);
    pen.ellipse(lean, -0.74, wide, look.vary(4, 0.3, 0.35), look.own('foliage', 'leaf'));
    pen.ellipse(lean - 0.12, -0.85, 0.17, 0.13, look.own('foliage', 'leaf', 0.14));
    pen.ellipse(lean + 0.14, -0.66, 0.13, 0.1, look.own('foliage', 'leaf', 0.08));
    pen.ellipse(lean - 0.16, -0.6, 0.1, 0.07, look.own('foliage', 'leaf', -0.16));
  },
};
