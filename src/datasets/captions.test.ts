import { expect, test } from 'vitest';
import { captionKey, readCaptions } from './captions.ts';

const expected = [
  ['one.png', 'a red car'],
  ['two.jpg', 'a cat, asleep'],
];

test.each([
  ['c.csv', '\uFEFFCaption,file_name\na red car,photos/One.PNG\n"a cat,  asleep",two.jpg\nagain,one.png\n'],
  ['c.csv', 'file;text\r\none.png;a red car\r\ntwo.jpg;"a cat, asleep"\r\n'],
  ['c.tsv', 'image\ttext\none.png\ta red car\ntwo.jpg\ta cat, asleep\n'],
  ['c.json', '[{"file":"one.png","caption":"a red car"},{"file":"two.jpg","caption":"a cat, asleep"}]'],
  ['c.json', '{"one.png":"a red car","two.jpg":["a cat, asleep","another"]}'],
  [
    'metadata.jsonl',
    '{"file_name":"one.png","text":"a red car"}\n{"file_name":"two.jpg","text":"a cat, asleep"}\n',
  ],
  [
    'coco.json',
    '{"images":[{"id":1,"file_name":"one.png"},{"id":2,"file_name":"two.jpg"}],"annotations":[{"image_id":2,"caption":"a cat, asleep"},{"image_id":1,"caption":"a red car"}]}',
  ],
])('captions of %s', (name, text) => {
  expect([...readCaptions(name, text)].sort()).toEqual(expected);
});

test('what is missing is said', () => {
  expect(() => readCaptions('x.csv', 'a,b\n1,2')).toThrow('x.csv has no columns for files');
  expect(() => readCaptions('x.json', '{')).toThrow('x.json is no JSON');
  expect(() => readCaptions('x.json', '3')).toThrow('no columns');
  expect(captionKey('a\\b/C.PNG ')).toBe('c.png');
});
