import { GLASS, ink, type Pen } from '../pen.ts';
import type { Drawing, Look } from './drawing.ts';

export const car: Drawing = {
  width: 1.6,
  height: 0.78,
  area: 0.8,
  seat: { left: -0.34, right: 0.12, y: -0.69 },
  draw: drawCar,
};

/** A taxi is a car with a sign. */
export function drawCar(pen: Pen, look: Look): void {
  const roof = look.vary(0, 0.68, 0.74);
  const belt = look.vary(1, 0.4, 0.46);
  const rear = look.vary(2, -0.62, -0.46);
  const front = look.vary(3, 0.34, 0.44);
  const tyre = ink([44, 44, 50], 'wheel', 'rubber');
  const hub = ink([205, 208, 214], 'wheel', 'metal');
  const glass = ink(GLASS, 'window', 'glass', { to: [140, 190, 222] });
  pen.polygon(
    [rear, -belt, rear + 0.16, -roof, front - 0.22, -roof, front + 0.06, -belt],
    look.own('roof', 'metal'),
  );
  pen.blob(
    [-0.79, -0.1, -0.79, -belt, 0.5, -belt - 0.03, 0.8, -belt + 0.1, 0.8, -0.1],
    look.own('body', 'metal'),
    2,
  );
  pen.rect(-0.77, -0.24, 0.78, -0.1, look.own('body', 'metal', -0.16), 0.06);
  const post = (rear + front) / 2 + 0.02;
  pen.polygon(
    [rear + 0.08, -belt, rear + 0.2, -roof + 0.06, post - 0.03, -roof + 0.06, post - 0.03, -belt],
    glass,
  );
  pen.polygon(
    [post + 0.03, -belt, post + 0.03, -roof + 0.06, front - 0.24, -roof + 0.06, front - 0.02, -belt],
    glass,
  );
  pen.rect(post + 0.05, -belt + 0.05, post + 0.15, -belt + 0.08, look.own('door', 'metal', -0.4), 0.01);
  pen.rect(post - 0.012, -belt + 0.01, post + 0.012, -0.14, look.own('door', 'metal', -0.25));
  pen.ellipse(0.735, -belt + 0.12, 0.05, 0.05, ink([255, 240, 180], 'light', 'glass'));
  pen.rect(-0.8, -belt + 0.04, -0.745, -belt + 0.14, ink([214, 60, 50], 'light', 'glass'), 0.02);
  for (const x of [-0.45, 0.46]) {
    pen.circle(x, -0.16, 0.165, tyre);
    pen.circle(x, -0.16, 0.085, hub);
  }
}
