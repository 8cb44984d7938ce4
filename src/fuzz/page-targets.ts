/** What reaches the page from outside: image files and links. */

import { VitrineError } from '../protocol/errors.ts';
import { validate } from '../protocol/validation.ts';
import { FIRST_ADDRESS, VIEWS } from '../state/address.ts';
import { readHeader } from '../state/intake/header.ts';
import { readLink, writeLink } from '../state/link.ts';
import { HUB, readPlace } from '../state/place.ts';
import { must, type Target } from './target.ts';

/** Neither parser throws at all. */
const never = () => false;

export function imageTarget(): Target {
  return {
    name: 'image header',
    corpus: imageHeaders(),
    isTyped: never,
    run: (bytes) => {
      const header = readHeader(bytes);
      if (typeof header === 'string') return;
      const sizes = [header.width, header.height];
      must(
        sizes.every((size) => Number.isInteger(size) && size >= 0 && size <= 0xffffffff),
        `sizes ${sizes}`,
      );
    },
  };
}

export function linkTarget(): Target {
  const links = VIEWS.map((view) => writeLink({ ...FIRST_ADDRESS, view }));
  return {
    name: 'link',
    corpus: [...links, ...LINKS].map((link) => new TextEncoder().encode(link)),
    isTyped: never,
    run: (bytes) => {
      const { address } = readLink(new TextDecoder().decode(bytes));
      const once = writeLink(address);
      const again = readLink(once);
      must(again.problems.length === 0, `a link of ours that is not understood: ${once}`);
      must(writeLink(again.address) === once, `a link that changes when it is read: ${once}`);
    },
  };
}

export function placeTarget(): Target {
  return {
    name: 'place of a model',
    corpus: PLACES.map((place) => new TextEncoder().encode(place)),
    isTyped: (error) => error instanceof VitrineError,
    run: (bytes) => {
      const place = readPlace(new TextDecoder().decode(bytes), HUB, '');
      if (!place) return;
      // What the page understands, the worker takes: within its lengths, which it tells.
      const { place: checked } = validate('planModel', { place, precision: '', preparation: 'read' });
      must(JSON.stringify(checked) === JSON.stringify(place), 'a place that changes on its way');
      if (place.kind !== 'url') return;
      const again = readPlace(place.url, HUB, '');
      must(
        JSON.stringify(again) === JSON.stringify(place),
        `an address that changes when it is read: ${place.url}`,
      );
    },
  };
}

const PLACES = [
  'owner/model',
  'owner/model@refs/pr/1',
  'https://huggingface.co/owner/model/tree/main',
  'https://huggingface.co/owner/model',
  'http://user@files.example:8080/a%20b/model.onnx?download=true#part',
  'https://[::1]/model.onnx',
];

const LINKS = [
  'view=attention&mode=steer&prompt=a%20red%20car&seed=4294967295&steps=50&guidance=20&words=car~0&layer=mean',
  'view=concepts&image=upload%3AAAAA&concepts=car%7Csky&without=0.1%7C1.2&layer=last&head=1.2',
  'view=neurons&site=vision.blocks.3.mlp.post&scenes=2000&run=true&unit=12&language=zh-Hant',
];

/** The smallest files of every format whose headers are read. */
function imageHeaders(): Uint8Array[] {
  const bytes = (...parts: (string | readonly number[])[]) =>
    Uint8Array.from(
      parts.flatMap((part) =>
        typeof part === 'string' ? Array.from(part, (character) => character.charCodeAt(0)) : part,
      ),
    );
  const box = (type: string, ...content: Uint8Array[]): Uint8Array => {
    const length = 8 + content.reduce((sum, part) => sum + part.length, 0);
    const head = bytes([0, 0, length >> 8, length & 0xff], type);
    return Uint8Array.from([...head, ...content.flatMap((part) => [...part])]);
  };
  const size = bytes([0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 48]);
  const properties = box(
    'iprp',
    box('ipco', box('ispe', size)),
    box('ipma', bytes([0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1])),
  );
  const meta = box('meta', bytes([0, 0, 0, 0]), box('pitm', bytes([0, 0, 0, 0, 0, 1])), properties);
  return [
    bytes(
      [0x89],
      'PNG\r\n\x1a\n',
      [0, 0, 0, 13],
      'IHDR',
      [0, 0, 0, 64, 0, 0, 0, 48, 8, 2, 0, 0, 0, 1, 2, 3, 4],
      [0, 0, 0, 0],
      'IEND',
      [1, 2, 3, 4],
    ),
    bytes([
      0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc0, 0, 11, 8, 0, 48, 0, 64, 1, 1, 0x11, 0, 0xff, 0xda, 0, 2,
      9, 9, 0xff, 0xd9,
    ]),
    bytes('RIFF', [30, 0, 0, 0], 'WEBPVP8X', [10, 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 47, 0, 0]),
    bytes('RIFF', [26, 0, 0, 0], 'WEBPVP8L', [13, 0, 0, 0, 0x2f, 63, 0xc0, 0x0b, 0, 0, 0, 0, 0]),
    bytes('RIFF', [26, 0, 0, 0], 'WEBPVP8 ', [10, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a, 64, 0, 48, 0]),
    bytes('GIF89a', [64, 0, 48, 0, 0, 0, 0, 0x3b]),
    Uint8Array.from([...box('ftyp', bytes('avif', [0, 0, 0, 0], 'avifmif1')), ...meta]),
  ];
}
