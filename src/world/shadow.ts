import type { Canvas } from './canvas.ts';
import type { Rgb } from './catalogue.ts';
import type { Scene, Thing } from './graph.ts';
import { DRAWINGS } from './objects/drawings.ts';
import { Pen } from './pen.ts';

const NO_LABELS = [0, 0, 0, 0, 0, 0];
const DARK: Rgb = [18, 22, 40];

/**
 * A soft contact shadow of three ellipses, and a longer one cast away from the light. What is in the air has a small one on
 * the ground below; what stands on another thing has none; what is in the water has a ring of ripples.
 */
export function drawShadow(page: Canvas, scene: Scene, thing: Thing): void {
  if (thing.supporter !== undefined) return;
  const { size } = page;
  const pen = new Pen(page, thing.x * size, thing.ground * size, thing.size * size, thing.flip);
  const half =
    (DRAWINGS[thing.kind].width / 2) * (thing.kind === 'ball' || thing.kind === 'balloon' ? 0.7 : 1);
  const away = (scene.light === 'left' ? 1 : -1) * (thing.flip ? -1 : 1);
  const night = scene.time === 'night';
  const dark = (alpha: number) => ({ rgb: DARK, shade: 0, alpha, labels: NO_LABELS });
  if (thing.airborne) {
    const far = Math.min(0.4, thing.ground - thing.y);
    const x = away * (0.12 + 0.5 * far);
    for (const reach of [0.62, 0.48])
      pen.ellipse(x, 0, half * reach, (half * 0.13 + 0.02) * reach, dark(night ? 0.12 : 0.15));
    return;
  }
  const water = scene.place === 'sea';
  const tall = DRAWINGS[thing.kind].height;
  const long = half * 0.55 + 0.34 * tall;
  for (const reach of [1, 0.86]) {
    pen.ellipse(
      away * (half * 0.3 + long * 0.55),
      -0.05 * tall,
      long * reach,
      (0.075 * tall + 0.04) * reach,
      dark((night ? 0.07 : 0.13) * (water ? 0.7 : 1)),
      away,
      -0.12,
    );
  }
  if (water) {
    const foam = { rgb: [206, 234, 244] as Rgb, shade: 0, alpha: 0.35, labels: NO_LABELS };
    pen.ellipse(0, 0, half * 1.08, half * 0.13 + 0.03, foam);
  }
  for (const reach of [1.04, 0.92, 0.78]) {
    pen.ellipse(0, -0.005, half * reach, (half * 0.13 + 0.025) * reach, dark(0.12));
  }
}

/** Streaks above what falls. */
export function drawStreaks(
  page: Canvas,
  scene: Scene,
  thing: Thing,
  top: number,
  left: number,
  right: number,
): void {
  if (thing.state !== 'falling') return;
  const pen = new Pen(page, 0, 0, page.size, false);
  const night = scene.time === 'night';
  const rgb: Rgb = night ? [214, 222, 248] : [70, 78, 112];
  const wide = right - left;
  const long = Math.min(0.16, 0.06 + 0.3 * (thing.y - top));
  [0.2, 0.5, 0.8].forEach((share, i) => {
    const x = left + wide * share;
    const base = top + (i === 1 ? -0.012 : 0.05 * wide + 0.012);
    pen.line(x, base - long * (i === 1 ? 1 : 0.75), x, base, 0.011, {
      rgb,
      shade: 0,
      alpha: 0.6,
      labels: NO_LABELS,
    });
  });
}

/** Water over the foot of what floats in it. */
export function drawWaterline(page: Canvas, scene: Scene, thing: Thing): void {
  if (scene.place !== 'sea' || thing.airborne || thing.supporter !== undefined) return;
  const { size } = page;
  const pen = new Pen(page, thing.x * size, thing.y * size, thing.size * size, thing.flip);
  const half = (DRAWINGS[thing.kind].width / 2) * 0.9;
  const night = scene.time === 'night';
  const foam = {
    rgb: (night ? [110, 140, 190] : [214, 238, 246]) as Rgb,
    shade: 0,
    alpha: 0.8,
    labels: NO_LABELS,
  };
  for (const [x, reach, y] of [
    [-0.5, 0.34, -0.02],
    [0.05, 0.36, -0.035],
    [0.56, 0.3, -0.02],
  ] as const) {
    pen.ellipse(half * x, y, half * reach, 0.022, foam);
  }
}
