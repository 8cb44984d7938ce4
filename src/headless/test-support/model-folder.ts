/** Models of a test as a folder that a host can serve: the files, and the index with their hashes. */

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface FolderModel {
  readonly id: string;
  readonly family?: string;
  /** Role and content by path inside the model's own folder. */
  readonly files: Readonly<Record<string, { readonly role: string; readonly bytes: Uint8Array }>>;
}

/** Writes them into a fresh folder for passing files; returns where. */
export function writeModelFolder(models: readonly FolderModel[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-models-'));
  const listed = models.map(({ id, family, files }) => {
    const entries = Object.entries(files).map(([path, { role, bytes }]) => {
      const file = join(folder, id, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return [role, { path: `${id}/${path}`, bytes: bytes.length, sha256 }] as const;
    });
    return { id, family, title: id, files: Object.fromEntries(entries) };
  });
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ models: listed }));
  return folder;
}
