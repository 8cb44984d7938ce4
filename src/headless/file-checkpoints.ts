/** State of long work in files of one folder: written beside and moved into place, so that a kill leaves the old or the new. */

import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Checkpoints } from '../jobs/runtime.ts';

/** Files are named `PREFIX.HASH.checkpoint`, the hash being the key's. */
export function fileCheckpoints(prefix: string): Checkpoints {
  const path = (key: string) =>
    `${prefix}.${createHash('sha256').update(key).digest('hex').slice(0, 12)}.checkpoint`;
  return {
    load: async (key) => {
      try {
        return new Uint8Array(await readFile(path(key)));
      } catch {
        return null;
      }
    },
    save: async (key, bytes) => {
      const target = path(key);
      await writeFile(`${target}.new`, bytes);
      await rename(`${target}.new`, target);
    },
    remove: (key) => rm(path(key), { force: true }),
  };
}
