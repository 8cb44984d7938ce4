/** Every twin as a folder of the visitor's: it opens as its family, each file in the role that jobs read it by. */

import { expect, it } from 'vitest';
import { TWIN_FOLDERS } from '../../headless/test-support/twin-folders.ts';
import { createLibrary } from './library.ts';
import type { Net } from './transfer.ts';
import { memoryVault } from './vault.ts';

const net: Net = {
  fetch: () => Promise.reject(new Error('nothing is to be fetched')),
  online: () => false,
  wait: () => Promise.resolve(),
};

it.each(Object.entries(TWIN_FOLDERS))('%s', async (name, folder) => {
  const { family, files } = folder();
  const library = createLibrary(memoryVault(), net, () => 0);
  const model = await library.get(
    {
      place: {
        kind: 'files',
        name,
        files: Object.entries(files).map(([path, { bytes }]) => ({
          path,
          data: new Blob([Buffer.from(bytes)]),
        })),
      },
      precision: '',
      preparation: 'read',
    },
    { device: 'wasm', halves: false },
    new AbortController().signal,
    () => undefined,
  );
  expect(model.family).toBe(family);
  const roles = Object.fromEntries(model.files.map(({ role, path }) => [path, role]));
  expect(roles).toEqual(Object.fromEntries(Object.entries(files).map(([path, { role }]) => [path, role])));
  const source = await library.find(model.id);
  expect(Object.keys(source!.files).sort()).toEqual(Object.values(roles).sort());
});
