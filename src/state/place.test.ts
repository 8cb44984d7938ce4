import { expect, test } from 'vitest';
import { HUB, readPlace } from './place.ts';

const hub = (id: string, revision = 'main', base = HUB) => ({ kind: 'hub', base, id, revision });

test.each([
  ['Owner/some-model.v2', hub('Owner/some-model.v2')],
  ['  owner/model@refs-1 ', hub('owner/model', 'refs-1')],
  [`${HUB}/owner/model`, hub('owner/model')],
  [`${HUB}/owner/model/tree/dev`, hub('owner/model', 'dev')],
  [
    `${HUB}/owner/model/resolve/main/onnx/model.onnx`,
    { kind: 'url', url: `${HUB}/owner/model/resolve/main/onnx/model.onnx` },
  ],
  ['http://files.example/a/b', { kind: 'url', url: 'http://files.example/a/b' }],
  ['model', undefined],
  ['', undefined],
  ['ftp://a/b', undefined],
  ['https://', undefined],
])('%s', (text, place) => {
  expect(readPlace(text, HUB, '')).toEqual(place);
});

test('a mirror is asked instead of the hub, its own addresses are known, a token goes along', () => {
  const mirror = 'https://mirror.example';
  expect(readPlace('a/b', mirror, '')).toEqual(hub('a/b', 'main', mirror));
  expect(readPlace(`${mirror}/a/b`, mirror, '')).toEqual(hub('a/b', 'main', mirror));
  expect(readPlace(`${HUB}/a/b`, mirror, 'x')).toEqual({ ...hub('a/b', 'main', mirror), token: 'x' });
});
