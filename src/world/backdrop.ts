import type { Paint } from './canvas.ts';
import { type Label, labelId, type Material, type Rgb, type Texture, type Time } from './catalogue.ts';
import type { Scene, SkyThing } from './graph.ts';
import { mix, nearestColour, type Pen, WHITE } from './pen.ts';
import type { Random } from './random.ts';

/** Light of each time of day, multiplied into what stands in it. */
export const GROUND_LIGHT: Readonly<Record<Time, Rgb>> = {
  day: [1, 1, 1],
  sunset: [1, 0.88, 0.82],
  night: [0.52, 0.56, 0.74],
};
export const THING_LIGHT: Readonly<Record<Time, Rgb>> = {
  day: [1, 1, 1],
  sunset: [1, 0.97, 0.95],
  night: [0.92, 0.92, 0.97],
};

export function lit(rgb: Rgb, light: Rgb): Rgb {
  return [rgb[0] * light[0], rgb[1] * light[1], rgb[2] * light[2]];
}

export interface StuffOptions {
  readonly to?: Rgb;
  readonly shade?: number;
  readonly alpha?: number;
  readonly texture?: Texture;
  readonly color?: Label<'color'>;
}

/** Paint of what stands behind the things. The colour label is that of the unlit colour. */
export function stuff(
  scene: Label<'scene'>,
  object: Label<'object'>,
  material: Material,
  light: Rgb,
  rgb: Rgb,
  options: StuffOptions = {},
): Paint {
  return {
    rgb: lit(rgb, light),
    ...(options.to ? { to: lit(options.to, light) } : {}),
    shade: options.shade ?? 0,
    alpha: options.alpha ?? 1,
    labels: [
      labelId('scene', scene),
      labelId('object', object),
      0,
      labelId('material', material),
      labelId('texture', options.texture ?? 'plain'),
      labelId('color', options.color ?? nearestColour(rgb)),
    ],
  };
}

const DAYLIGHT: Rgb = [1, 1, 1];

export function drawSky(pen: Pen, scene: Scene, random: Random): void {
  const { time, horizon } = scene;
  const options = (to: Rgb, color: Label<'color'>) => ({ to, color, texture: 'gradient' as const });
  if (time === 'day') {
    pen.rect(
      0,
      0,
      1,
      horizon + 0.02,
      stuff(time, 'sky', 'air', DAYLIGHT, [112, 184, 240], options([216, 238, 250], 'blue')),
    );
  } else if (time === 'sunset') {
    const middle = horizon * 0.55;
    pen.rect(
      0,
      0,
      1,
      middle + 0.001,
      stuff(time, 'sky', 'air', DAYLIGHT, [122, 92, 164], options([244, 140, 118], 'purple')),
    );
    pen.rect(
      0,
      middle - 0.02,
      1,
      horizon + 0.02,
      stuff(time, 'sky', 'air', DAYLIGHT, [244, 140, 118], options([255, 214, 142], 'orange')),
    );
  } else {
    pen.rect(
      0,
      0,
      1,
      horizon + 0.02,
      stuff(time, 'sky', 'air', DAYLIGHT, [24, 32, 78], options([72, 88, 148], 'blue')),
    );
    for (let i = 0; i < 26; i++) {
      const glow = stuff(time, 'sky', 'air', DAYLIGHT, mix([150, 160, 220], WHITE, random.uniform()), {
        color: 'white',
      });
      const x = random.uniform();
      const y = random.uniform(0, horizon * 0.85);
      pen.circle(x, y, random.uniform(0.002, 0.006), glow);
    }
  }
  for (const thing of scene.sky) drawSkyThing(pen, thing, time);
}

function drawSkyThing(pen: Pen, thing: SkyThing, time: Time): void {
  const { x, y, size: s, kind, variant } = thing;
  const paint = (rgb: Rgb, color: Label<'color'>, options: StuffOptions = {}) =>
    stuff(time, kind, 'air', DAYLIGHT, rgb, { color, ...options });
  const halo = (rgb: Rgb, alpha: number): Paint => ({ rgb, shade: 0, alpha, labels: [0, 0, 0, 0, 0, 0] });
  if (kind === 'sun') {
    const low = time === 'sunset';
    pen.circle(x, y, s * 0.82, halo([255, 244, 190], 0.16));
    pen.circle(x, y, s * 0.65, halo([255, 244, 190], 0.24));
    pen.circle(
      x,
      y,
      s * 0.5,
      low
        ? paint([255, 196, 92], 'orange', { to: [252, 128, 74] })
        : paint([255, 236, 130], 'yellow', { to: [255, 214, 70] }),
    );
  } else if (kind === 'moon') {
    pen.circle(x, y, s * 0.64, halo([200, 210, 250], 0.14));
    pen.circle(x, y, s * 0.46, paint([248, 246, 226], 'white', { shade: 0.2 }));
    for (const [dx, dy, r] of [
      [-0.14, -0.1, 0.1],
      [0.14, 0.12, 0.12],
      [0.1, -0.2, 0.06],
    ] as const) {
      pen.circle(x + dx * s, y + dy * s, r * s, paint([222, 218, 198], 'white'));
    }
  } else {
    const top: Rgb = time === 'day' ? [255, 255, 255] : time === 'sunset' ? [255, 226, 206] : [126, 138, 186];
    const base: Rgb = time === 'day' ? [226, 236, 246] : time === 'sunset' ? [250, 176, 160] : [92, 104, 158];
    const color = time === 'night' ? 'grey' : time === 'day' ? 'white' : 'pink';
    const puff = (dx: number, dy: number, rx: number, ry: number) =>
      pen.ellipse(x + dx * s, y + dy * s, rx * s, ry * s, paint(top, color, { to: base }));
    puff(-0.3, 0.06, 0.22, 0.12 + 0.05 * variant[0]!);
    puff(0.3, 0.07, 0.22 + 0.04 * variant[1]!, 0.12);
    puff(-0.06, -0.04, 0.24, 0.17 + 0.06 * variant[2]!);
    puff(0.14, 0.02, 0.2, 0.15);
  }
}
