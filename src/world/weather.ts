import { stuff } from './backdrop.ts';
import type { Canvas } from './canvas.ts';
import type { Rgb } from './catalogue.ts';
import type { Scene } from './graph.ts';
import { Pen } from './pen.ts';
import { Random } from './random.ts';

const COVER_STREAM = 5;
const FALL_STREAM = 6;
const NO_LABELS = [0, 0, 0, 0, 0, 0];

/** Toward which colour, and how far, weather draws the sky and the ground, by time of day. */
const MOODS = {
  rain: {
    day: { sky: [142, 152, 168], ground: [92, 104, 122] },
    night: { sky: [36, 42, 66], ground: [44, 52, 78] },
    sunset: { sky: [128, 104, 122], ground: [92, 84, 104] },
  },
  snow: {
    day: { sky: [214, 222, 232], ground: [238, 243, 250] },
    night: { sky: [66, 76, 112], ground: [136, 148, 186] },
    sunset: { sky: [226, 190, 196], ground: [244, 226, 232] },
  },
} as const;
const DEPTHS = { rain: { sky: 0.62, ground: 0.36 }, snow: { sky: 0.5, ground: 0.3 } } as const;

/** What the weather does to the place: a wet darkness, or a cover of snow that leaves the place to be seen. */
export function drawWeatherOn(page: Canvas, scene: Scene): void {
  const { weather, time, place } = scene;
  if (weather === 'clear') return;
  if (weather === 'snow') drawSnowCover(page, scene);
  const mood = MOODS[weather][time];
  const { size, rgba, labels } = page;
  const above = labels[0]!;
  const depth = DEPTHS[weather];
  for (let at = 0; at < size * size; at++) {
    const sky = labels[at] === above;
    const tone = sky ? mood.sky : mood.ground;
    const share = sky ? depth.sky : depth.ground;
    const keep = 1 - share;
    const pixel = at * 4;
    rgba[pixel] = rgba[pixel]! * keep + tone[0] * share;
    rgba[pixel + 1] = rgba[pixel + 1]! * keep + tone[1] * share;
    rgba[pixel + 2] = rgba[pixel + 2]! * keep + tone[2] * share;
  }
  if (weather === 'rain' && place !== 'sea') drawPuddles(page, scene);
}

/** Drifts across the ground; on the sea floes. */
function drawSnowCover(page: Canvas, scene: Scene): void {
  const random = new Random(scene.seed, COVER_STREAM);
  const pen = new Pen(page, 0, 0, page.size, false);
  const { horizon, place, time } = scene;
  const light: Rgb = time === 'night' ? [0.62, 0.66, 0.82] : time === 'sunset' ? [1, 0.93, 0.93] : [1, 1, 1];
  const drift = stuff(place, place === 'sea' ? 'water' : 'ground', 'snow', light, [246, 249, 253], {
    to: [226, 234, 246],
    color: 'white',
  });
  const first = place === 'city' ? 0.1 : place === 'beach' ? 0.3 : 0.04;
  const rows = place === 'sea' ? 4 : 6;
  for (let row = 0; row < rows; row++) {
    const y = horizon + (1 - horizon) * (first + ((1.02 - first) * (row + 0.3)) / rows);
    const thick = (place === 'sea' ? 0.012 : 0.02) + (place === 'sea' ? 0.008 : 0.012) * row * 0.8;
    let x = random.uniform(-0.3, 0.1);
    while (x < 1) {
      const wide = random.uniform(0.16, 0.34) * (place === 'sea' ? 0.5 : 1);
      const lift = random.uniform(-0.012, 0.012);
      pen.blob(
        [
          x - 0.08,
          y + thick + lift,
          x,
          y - thick + lift,
          x + wide * 0.6,
          y - thick * 1.1 + lift,
          x + wide + 0.06,
          y + thick * 0.4 + lift,
          x + wide * 0.6,
          y + thick * 1.2 + lift,
        ],
        drift,
        2,
      );
      x += wide + random.uniform(0.1, 0.3);
    }
  }
}

function drawPuddles(page: Canvas, scene: Scene): void {
  const random = new Random(scene.seed, COVER_STREAM);
  const pen = new Pen(page, 0, 0, page.size, false);
  const shine = {
    rgb: (scene.time === 'night' ? [84, 96, 136] : [188, 202, 220]) as Rgb,
    shade: 0,
    alpha: 0.42,
    labels: NO_LABELS,
  };
  for (let i = 0; i < 5; i++) {
    const depth = random.uniform(0.25, 0.98);
    const y = scene.horizon + (1 - scene.horizon) * depth;
    pen.ellipse(random.uniform(), y, 0.05 + 0.06 * depth, 0.01 + 0.012 * depth, shine);
  }
}

/** What falls in front of everything. It is seen, and not labelled. */
export function drawWeatherBefore(page: Canvas, scene: Scene): void {
  const { weather, time, seed } = scene;
  if (weather === 'clear') return;
  const random = new Random(seed, FALL_STREAM);
  const pen = new Pen(page, 0, 0, page.size, false);
  if (weather === 'rain') {
    const rgb: Rgb = time === 'night' ? [150, 168, 214] : [226, 238, 252];
    for (let i = 0; i < 54; i++) {
      const x = random.uniform(-0.02, 1.1);
      const y = random.uniform(-0.05, 1);
      const long = random.uniform(0.05, 0.1);
      const drop = { rgb, shade: 0, alpha: random.uniform(0.35, 0.7), labels: NO_LABELS };
      pen.line(x, y, x - long * 0.24, y + long, 0.0062, drop);
    }
    return;
  }
  const rgb: Rgb = time === 'night' ? [226, 232, 250] : [255, 255, 255];
  for (let i = 0; i < 64; i++) {
    const flake = { rgb, shade: 0, alpha: random.uniform(0.7, 0.98), labels: NO_LABELS };
    pen.circle(random.uniform(), random.uniform(), random.uniform(0.0055, 0.012), flake);
  }
}
