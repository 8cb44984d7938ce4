import { drawSky, GROUND_LIGHT, type StuffOptions, stuff } from './backdrop.ts';
import type { Canvas } from './canvas.ts';
import type { Label, Material, Place, Rgb } from './catalogue.ts';
import type { Scene } from './graph.ts';
import { mix, Pen } from './pen.ts';
import { Random } from './random.ts';

type Ground = (pen: Pen, scene: Scene, random: Random) => void;

const BACKDROP_STREAM = 3;

/** Sky, place and the small things that make the place recognisable. Draws from its own stream of the scene's seed. */
export function drawBackdrop(canvas: Canvas, scene: Scene): void {
  const random = new Random(scene.seed, BACKDROP_STREAM);
  const pen = new Pen(canvas, 0, 0, canvas.size, false);
  drawSky(pen, scene, random);
  GROUNDS[scene.place](pen, scene, random);
}

function painter(scene: Scene) {
  const light = GROUND_LIGHT[scene.time];
  return (object: Label<'object'>, material: Material, rgb: Rgb, options: StuffOptions = {}) =>
    stuff(scene.place, object, material, light, rgb, options);
}

const lawn: Ground = (pen, scene, random) => {
  const paint = painter(scene);
  const h = scene.horizon;
  const rise = random.uniform(0.05, 0.12);
  const peak = random.uniform(0.2, 0.8);
  pen.ellipse(peak, h + 0.03, 0.55, rise + 0.03, paint('hill', 'grass', [138, 196, 128], { color: 'green' }));
  pen.ellipse(
    peak > 0.5 ? peak - 0.6 : peak + 0.6,
    h + 0.03,
    0.4,
    rise * 0.7 + 0.03,
    paint('hill', 'grass', [122, 184, 116], { color: 'green' }),
  );
  pen.rect(
    0,
    h,
    1,
    1,
    paint('ground', 'grass', [164, 214, 112], { to: [122, 186, 84], texture: 'gradient', color: 'green' }),
  );
  for (let i = 0; i < 4; i++) {
    const y = h + (1 - h) * (0.1 + 0.24 * i) + random.uniform(0, 0.03);
    pen.ellipse(
      random.uniform(),
      y,
      random.uniform(0.25, 0.5),
      0.015 + 0.01 * i,
      paint('ground', 'grass', [150, 206, 102], { color: 'green' }),
    );
  }
  for (let i = 0; i < 22; i++) {
    const x = random.uniform();
    const depth = random.uniform(0.05, 1);
    const y = h + (1 - h) * depth;
    const s = 0.012 + 0.02 * depth;
    const blade = paint('ground', 'grass', [92, 160, 66], { texture: 'tufted', color: 'green' });
    pen.polygon(
      [x - s, y, x - 0.9 * s, y - s, x - 0.2 * s, y, x, y - 1.5 * s, x + 0.3 * s, y, x + s, y - s, x + s, y],
      blade,
    );
  }
};

const road: Ground = (pen, scene, random) => {
  const paint = painter(scene);
  const h = scene.horizon;
  pen.ellipse(
    random.uniform(0.1, 0.9),
    h + 0.02,
    0.6,
    random.uniform(0.06, 0.1),
    paint('hill', 'grass', [150, 190, 140], { color: 'green' }),
  );
  pen.rect(
    0,
    h,
    1,
    h + 0.08,
    paint('ground', 'grass', [156, 200, 118], { to: [134, 184, 98], color: 'green' }),
  );
  const top = h + 0.06;
  pen.rect(
    0,
    top,
    1,
    1,
    paint('ground', 'asphalt', [136, 138, 146], { to: [112, 114, 122], texture: 'gradient', color: 'grey' }),
  );
  pen.rect(0, top, 1, top + 0.018, paint('ground', 'stone', [206, 206, 204], { color: 'white' }));
  const middle = top + (1 - top) * 0.46;
  const mark = paint('ground', 'asphalt', [240, 238, 224], { texture: 'striped', color: 'white' });
  for (let x = random.uniform(-0.3, 0); x < 1; x += 0.32) {
    pen.polygon([x + 0.02, middle, x + 0.19, middle, x + 0.17, middle + 0.035, x, middle + 0.035], mark);
  }
};

const beach: Ground = (pen, scene, random) => {
  const paint = painter(scene);
  const h = scene.horizon;
  const shore = h + random.uniform(0.09, 0.13);
  pen.rect(
    0,
    h,
    1,
    shore + 0.04,
    paint('water', 'water', [54, 140, 196], { to: [110, 200, 216], texture: 'gradient', color: 'blue' }),
  );
  const tilt = random.uniform(-0.03, 0.03);
  const foam = paint('water', 'water', [244, 250, 250], { color: 'white' });
  const edge = (d: number) => [
    0,
    shore + tilt + d,
    0.25,
    shore + 0.012 + d,
    0.5,
    shore - 0.008 + d,
    0.75,
    shore + 0.012 + d,
    1,
    shore - tilt + d,
    1.3,
    shore + d,
    1.3,
    1.2,
    -0.3,
    1.2,
    -0.3,
    shore + d,
  ];
  pen.blob(edge(-0.014), foam, 2);
  pen.blob(
    edge(0.008),
    paint('ground', 'sand', [250, 228, 172], { to: [238, 206, 142], texture: 'gradient', color: 'yellow' }),
    2,
  );
  for (let i = 0; i < 22; i++) {
    const depth = random.uniform(0.1, 1);
    const y = shore + 0.05 + (0.95 - shore) * depth;
    pen.ellipse(
      random.uniform(),
      y,
      0.006 + 0.008 * depth,
      0.003 + 0.003 * depth,
      paint('ground', 'sand', [214, 176, 116], { texture: 'dotted', color: 'brown' }),
    );
  }
  const palm = paint('ground', 'sand', [240, 152, 130], { color: 'pink' });
  for (let i = 0; i < 2; i++)
    pen.ellipse(random.uniform(), random.uniform(shore + 0.1, 0.95), 0.018, 0.012, palm);
};

const sea: Ground = (pen, scene, random) => {
  const paint = painter(scene);
  const h = scene.horizon;
  pen.rect(
    0,
    h,
    1,
    1,
    paint('water', 'water', [92, 178, 214], { to: [44, 124, 186], texture: 'gradient', color: 'blue' }),
  );
  for (let i = 0; i < 24; i++) {
    const depth = random.uniform();
    const y = h + 0.02 + (0.97 - h) * depth;
    const x = random.uniform();
    const wide = 0.04 + 0.07 * depth;
    const crest = paint('water', 'water', i % 3 === 0 ? [176, 222, 238] : [124, 198, 226], {
      texture: 'wavy',
      color: 'blue',
    });
    const t = 0.006 + 0.008 * depth;
    pen.blob(
      [
        x - wide,
        y,
        x - wide / 2,
        y - t,
        x,
        y + t * 0.4,
        x + wide / 2,
        y - t,
        x + wide,
        y,
        x + wide / 2,
        y + t * 0.3,
        x,
        y + 1.6 * t,
        x - wide / 2,
        y + t * 0.3,
      ],
      crest,
      2,
    );
  }
};

const desert: Ground = (pen, scene, random) => {
  const paint = painter(scene);
  const h = scene.horizon;
  const peak = random.uniform(0.15, 0.85);
  pen.blob(
    [peak - 0.55, h + 0.04, peak - 0.1, h - 0.13, peak + 0.06, h - 0.13, peak + 0.6, h + 0.04],
    paint('hill', 'sand', [226, 168, 110], { to: [240, 190, 126], color: 'orange' }),
    2,
  );
  pen.polygon(
    [peak - 0.02, h - 0.1, peak + 0.5, h + 0.02, peak + 0.08, h + 0.02],
    paint('hill', 'sand', [206, 144, 92], { color: 'brown' }),
  );
  pen.rect(
    0,
    h,
    1,
    1,
    paint('ground', 'sand', [244, 196, 130], { to: [226, 162, 96], texture: 'gradient', color: 'orange' }),
  );
  for (let i = 0; i < 4; i++) {
    const y = h + (1 - h) * (0.12 + 0.24 * i) + random.uniform(0, 0.04);
    const x = random.uniform(0.1, 0.9);
    const w = random.uniform(0.25, 0.45);
    pen.blob(
      [x - w, y + 0.02, x - w * 0.2, y - 0.022, x + w, y + 0.02, x, y + 0.01],
      paint('ground', 'sand', [214, 150, 88], { texture: 'wavy', color: 'orange' }),
      2,
    );
  }
  for (let i = 0; i < 2; i++) {
    const x = i === 0 ? random.uniform(0.06, 0.4) : random.uniform(0.6, 0.94);
    const y = h + random.uniform(0.02, 0.07);
    const s = random.uniform(0.12, 0.17);
    const skin = paint('cactus', 'leaf', [96, 150, 96], { shade: 0.3, color: 'green', texture: 'striped' });
    pen.rect(x - 0.14 * s, y - s, x + 0.14 * s, y, skin, 0.14 * s);
    pen.rect(x - 0.42 * s, y - 0.72 * s, x - 0.22 * s, y - 0.32 * s, skin, 0.1 * s);
    pen.rect(x - 0.42 * s, y - 0.46 * s, x, y - 0.3 * s, skin, 0.08 * s);
    pen.rect(x + 0.22 * s, y - 0.86 * s, x + 0.42 * s, y - 0.44 * s, skin, 0.1 * s);
    pen.rect(x, y - 0.58 * s, x + 0.42 * s, y - 0.42 * s, skin, 0.08 * s);
  }
};

const TOWERS: readonly Rgb[] = [
  [150, 160, 184],
  [176, 166, 176],
  [136, 150, 166],
  [188, 178, 170],
];

const city: Ground = (pen, scene, random) => {
  const paint = painter(scene);
  const h = scene.horizon;
  const night = scene.time === 'night';
  let x = random.uniform(-0.1, 0);
  while (x < 1) {
    const w = random.uniform(0.13, 0.22);
    const top = Math.max(0.03, h - random.uniform(0.16, 0.4));
    const wall = random.pick(TOWERS);
    pen.rect(
      x,
      top,
      x + w - 0.008,
      h + 0.03,
      paint('building', 'stone', wall, {
        to: mix(wall, [224, 224, 230], 0.3),
        texture: 'gridded',
        color: 'grey',
      }),
    );
    const columns = w > 0.17 ? 3 : 2;
    const step = (w - 0.03) / columns;
    const bright = mix([255, 226, 140], [255, 255, 255], 0.1);
    for (let wy = top + 0.03; wy < h - 0.03; wy += 0.055) {
      for (let c = 0; c < columns; c++) {
        const on = random.chance(night ? 0.6 : 0.3);
        const pane = on
          ? stuff('city', 'building', 'glass', night ? [1, 1, 1] : GROUND_LIGHT[scene.time], bright, {
              color: 'yellow',
              texture: 'gridded',
            })
          : paint('building', 'glass', [112, 128, 156], { texture: 'gridded', color: 'grey' });
        pen.rect(x + 0.015 + c * step, wy, x + 0.005 + (c + 1) * step - 0.008, wy + 0.03, pane);
      }
    }
    x += w;
  }
  pen.rect(
    0,
    h,
    1,
    1,
    paint('ground', 'stone', [206, 200, 196], { to: [182, 176, 174], texture: 'gridded', color: 'grey' }),
  );
  pen.rect(0, h, 1, h + 0.05, paint('ground', 'asphalt', [120, 122, 130], { color: 'grey' }));
  pen.rect(0, h + 0.05, 1, h + 0.065, paint('ground', 'stone', [226, 222, 216], { color: 'white' }));
  const joint = paint('ground', 'stone', [166, 160, 160], { texture: 'gridded', color: 'grey' });
  const rows = [0.16, 0.34, 0.6, 0.92];
  for (const r of rows) {
    const y = h + 0.065 + (1 - h - 0.065) * r;
    pen.rect(0, y, 1, y + 0.007, joint);
  }
  const vanish = random.uniform(0.35, 0.65);
  for (let i = -4; i <= 4; i++) {
    const near = vanish + i * 0.3;
    const far = vanish + i * 0.12;
    pen.line(far, h + 0.065, near, 1.01, 0.007, joint);
  }
};

const GROUNDS: Readonly<Record<Place, Ground>> = { lawn, road, beach, sea, desert, city };
