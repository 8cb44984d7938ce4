import { describe, expect, it } from 'vitest';
import type { Regions } from '../tensor/regions.ts';
import { type Dataset, Missing } from './dataset.ts';
import { filesFolder } from './folder.ts';
import { readLabelFile } from './label-file.ts';
import { openDataset } from './open-dataset.ts';
import { named, rgbPng } from './test-support/files.ts';

const open = (files: Readonly<Record<string, string | Uint8Array>>) =>
  openDataset(filesFolder('set', named(files)));

/** Names of the labels at each pixel. */
function labelsOf({ categories }: Dataset, regions: Regions): string[] {
  const names = categories.flatMap(({ category, labels }) => labels.map((label) => `${category}:${label}`));
  return Array.from(regions.map, (region) =>
    Array.from(
      regions.labels.subarray(regions.starts[region], regions.starts[region + 1]),
      (l) => names[l],
    ).join('+'),
  );
}

describe('Broden', () => {
  const label = (...numbers: number[]) =>
    rgbPng(2, numbers.length / 2, (x, y) => {
      const number = numbers[2 * y + x]!;
      return [number % 256, Math.floor(number / 256), 9];
    });
  const files = {
    'broden/index.csv': [
      'image,split,ih,iw,sh,sw,color,object,part,scene',
      'ade/one.jpg,train,4,4,2,2,ade/one_color.png,ade/one_object.png,ade/one_part_1.png;ade/one_part_2.png,301',
      'dtd/two.jpg,train,4,4,2,2,,,,302;303',
      'ade/three.jpg,val,4,4,2,2,gone_color.png,ade/one_object.png,,',
      'ade/four.jpg,val,4,4,2,2,,ade/one_object.png,,',
    ].join('\r\n'),
    'broden/c_color.csv': 'code,number,name,frequency,coverage\n1,12,"red-c",1,1\n',
    'broden/c_object.csv': 'code,number,name\n1,300,car\n2,5,door\n',
    'broden/c_scene.csv': 'code,number,name\n1,301,street\n2,302,/h/hall\n3,303,/o/out\n',
    'broden/label.csv':
      'number,name,category\n300,car,object(3)\n5,door,object(1);part(2)\n7,"wheel, front",part(4)\n',
    'broden/images/ade/one.jpg': 'JPEG one',
    'broden/images/dtd/two.jpg': 'JPEG two',
    'broden/images/ade/three.jpg': 'JPEG three',
    'broden/images/ade/one_color.png': label(12, 12, 0, 12),
    'broden/images/ade/one_object.png': label(300, 5, 0, 300),
    'broden/images/ade/one_part_1.png': label(7, 0, 0, 0),
    'broden/images/ade/one_part_2.png': label(5, 5, 0, 0),
  };

  it('is read as published: labels of pixels and of whole pictures, several label images of a category', async () => {
    const set = await open(files);
    expect([set.format, set.count]).toEqual(['broden', 4]);
    // Without c_part.csv the names come from label.csv.
    expect(set.categories).toEqual([
      { category: 'color', labels: ['red-c'] },
      { category: 'object', labels: ['car', 'door'] },
      { category: 'part', labels: ['door', 'wheel, front'] },
      { category: 'scene', labels: ['street', '/h/hall', '/o/out'] },
    ]);
    const one = await set.read(0);
    expect(new TextDecoder().decode(one!.image)).toBe('JPEG one');
    expect(one!.annotated).toBe(0b1111);
    expect(labelsOf(set, one!.regions)).toEqual([
      'color:red-c+object:car+part:door+part:wheel, front+scene:street',
      'color:red-c+object:door+part:door+scene:street',
      'scene:street',
      'color:red-c+object:car+scene:street',
    ]);
    const two = await set.read(1);
    expect([two!.annotated, two!.regions.height, two!.regions.width]).toEqual([0b1000, 2, 2]);
    expect(labelsOf(set, two!.regions)[3]).toBe('scene:/h/hall+scene:/o/out');
  });

  it('names what is missing and uses the rest', async () => {
    const set = await open(files);
    // What a folder that is in memory lacks is known before anything is read.
    expect(set.missing.names).toEqual([
      'c_part.csv: missing',
      'images/gone_color.png: missing',
      'images/ade/four.jpg: missing',
    ]);
    expect((await set.read(2))!.annotated).toBe(0b0010);
    expect(await set.read(3)).toBeNull();
    expect(set.missing.names).toEqual([
      'c_part.csv: missing',
      'images/gone_color.png: missing',
      'images/ade/four.jpg: missing',
    ]);
  });
});

describe('COCO', () => {
  const images = [
    { id: 11, file_name: '1.jpg', height: 2, width: 3 },
    { id: 12, file_name: '2.jpg', height: 2, width: 3 },
  ];
  const categories = [
    { id: 18, name: 'dog' },
    { id: 3, name: 'car' },
  ];

  it('instances overlap, as polygons and run lengths', async () => {
    const annotations = [
      { image_id: 11, category_id: 18, segmentation: [[0, 0, 2, 0, 2, 2, 0, 2]] },
      { image_id: 11, category_id: 3, segmentation: { size: [2, 3], counts: [3, 3] } },
      { image_id: 12, category_id: 99, segmentation: [] },
    ];
    const json = JSON.stringify({ info: {}, images, annotations, categories });
    const set = await open({
      'annotations/instances_val.json': json,
      'val/1.jpg': 'JPEG',
      'val/2.jpg': 'JPEG',
    });
    expect([set.format, set.count, set.categories]).toEqual([
      'coco-instances',
      2,
      [{ category: 'object', labels: ['dog', 'car'] }],
    ]);
    const item = await set.read(0);
    expect(labelsOf(set, item!.regions)).toEqual([
      'object:dog',
      'object:dog',
      'object:car',
      'object:dog',
      'object:dog+object:car',
      'object:car',
    ]);
    expect(await set.read(1)).toBeNull();
    expect(set.missing.names).toEqual(['2.jpg: no category 99']);
  });

  it('panoptic segments are colours', async () => {
    const segments_info = [
      { id: 70000, category_id: 3 },
      { id: 258, category_id: 18 },
    ];
    const ids = [70000, 258, 0, 258, 258, 70000];
    const png = rgbPng(3, 2, (x, y) => {
      const id = ids[3 * y + x]!;
      return [id & 255, (id >> 8) & 255, id >> 16];
    });
    const annotations = [{ image_id: 11, file_name: '1.png', segments_info }];
    const json = JSON.stringify({ images, annotations, categories });
    const set = await open({ 'panoptic.json': json, 'panoptic/1.png': png, 'val/1.jpg': 'JPEG' });
    expect(set.format).toBe('coco-panoptic');
    const item = await set.read(0);
    expect(labelsOf(set, item!.regions)).toEqual([
      'object:car',
      'object:dog',
      '',
      'object:dog',
      'object:dog',
      'object:car',
    ]);
  });
});

describe('pairs of pictures and label images', () => {
  it('by colour, as CamVid', async () => {
    const set = await open({
      'camvid/raw/0001.png': rgbPng(2, 1, () => [1, 2, 3]),
      'camvid/raw/0002.png': rgbPng(2, 1, () => [1, 2, 3]),
      'camvid/LabeledApproved/0001_L.png': rgbPng(2, 1, (x) => (x === 0 ? [64, 128, 64] : [0, 0, 0])),
      'camvid/label_colors.txt': '64 128 64\tAnimal\r\n192 0 128\t\tArchway\r\n',
    });
    expect([set.format, set.count]).toEqual(['masks', 1]);
    expect(labelsOf(set, (await set.read(0))!.regions)).toEqual(['object:Animal', '']);
    expect(set.missing.names).toEqual(['raw/0002.png: no label image']);
  });

  it('by index, as ADE20K', async () => {
    const set = await open({
      'ade/images/training/a.jpg': 'JPEG',
      'ade/annotations/training/a.png': rgbPng(2, 1, (x) => [x * 3, x * 3, x * 3]),
      'ade/objectInfo150.txt':
        'Idx\tRatio\tTrain\tVal\tName\n1\t0.15\t11664\t1172\twall\n3\t0.08\t8265\t796\tsky, heaven\n',
    });
    expect(labelsOf(set, (await set.read(0))!.regions)).toEqual(['', 'object:sky, heaven']);
  });

  it('without a label file, by the codes that occur', async () => {
    const set = await open({
      'images/a.jpg': 'JPEG',
      'masks/a.png': rgbPng(2, 1, (x) => (x === 0 ? [255, 0, 16] : [0, 0, 0])),
    });
    expect(labelsOf(set, (await set.read(0))!.regions)).toEqual(['object:#ff0010', '']);
  });
});

describe('a folder', () => {
  it('of pictures alone has no labels', async () => {
    const set = await open({ 'b/2.jpg': 'two', 'b/1.jpg': 'one', 'b/notes.txt': '' });
    expect([set.format, set.count, set.categories]).toEqual(['pictures', 2, []]);
    expect((await set.read(0))!.path).toBe('1.jpg');
  });

  it('of Broden’s files without its index is refused, naming that', async () => {
    const { 'broden/index.csv': _, ...rest } = {
      'broden/index.csv': '',
      'broden/c_color.csv': 'code,number,name\n',
      'broden/images/one.jpg': 'JPEG',
    };
    await expect(open(rest)).rejects.toThrow('set: index.csv is missing');
  });

  it('of something else is refused by name', async () => {
    await expect(open({ 'a.txt': 'x' })).rejects.toThrow(
      'set: neither index.csv (Broden), nor a COCO JSON, nor pictures among 1 files',
    );
  });

  it('names the first hundred that are missing, and counts all, each once', () => {
    const missing = new Missing();
    for (let i = 0; i < 150; i += 1) missing.add(`${i}`);
    missing.add('3');
    expect([missing.names.length, missing.count]).toEqual([100, 150]);
  });
});

describe('label files', () => {
  it.each([
    ['r,g,b,name\n1,2,3,car\n', 'colour', [[1 + 2 * 256 + 3 * 65536, 'car']]],
    ['name,r,g,b\nroad side, 1, 0, 0\n', 'colour', [[1, 'road side']]],
    ['0: void\n', 'index', [[1, '0: void']]],
    [
      '7 traffic-light\n8\tred bus\n',
      'index',
      [
        [7, 'traffic-light'],
        [8, 'red bus'],
      ],
    ],
    [
      'cat\ndog\n',
      'index',
      [
        [1, 'cat'],
        [2, 'dog'],
      ],
    ],
  ])('%j', (text, by, names) => {
    const labels = readLabelFile(text);
    expect([labels?.by, [...(labels?.names ?? [])]]).toEqual([by, names]);
  });
});
