/** Folders and zips of a disk, as the browser's handles. */

import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DataFiles, DirectoryHandle } from '../protocol/data.ts';
import type { Bytes } from '../tensor/bytes.ts';

/** Rejects when there is nothing at `path`. */
export async function nodeData(path: string): Promise<DataFiles> {
  const found = await stat(path);
  const name = basename(path);
  return found.isDirectory()
    ? { kind: 'directory', name, directory: directory(path) }
    : { kind: 'zip', name, bytes: fileBytes(path, 0, found.size) };
}

function directory(path: string): DirectoryHandle {
  return {
    name: basename(path),
    getDirectoryHandle: async (child) => {
      const found = join(path, child);
      if (!(await stat(found)).isDirectory()) throw new Error(`${found} is no folder`);
      return directory(found);
    },
    getFileHandle: async (child) => ({
      getFile: async () => fileBytes(join(path, child), 0, (await stat(join(path, child))).size),
    }),
    async *entries() {
      for (const entry of await readdir(path, { withFileTypes: true })) {
        yield [entry.name, { kind: entry.isDirectory() ? 'directory' : 'file' }];
      }
    },
  };
}

function fileBytes(path: string, from: number, end: number): Bytes {
  const size = Math.max(0, end - from);
  return {
    size,
    slice: (first, last) => fileBytes(path, from + first, from + Math.min(last, size)),
    arrayBuffer: async () => {
      if (from === 0 && size === (await stat(path)).size) return new Uint8Array(await readFile(path)).buffer;
      const file = await open(path);
      try {
        const bytes = new Uint8Array(size);
        await file.read(bytes, 0, size, from);
        return bytes.buffer;
      } finally {
        await file.close();
      }
    },
  };
}
