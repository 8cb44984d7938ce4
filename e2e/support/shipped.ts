import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const models = new URL('../../models/', import.meta.url);

interface Listed {
  readonly id: string;
  readonly files: Readonly<Record<string, { readonly path: string }>>;
}

/** Paths on this machine of an embedded model's files, by role; models share some. */
export function shippedFiles(id: string): ReadonlyMap<string, string> {
  const index: { readonly models: readonly Listed[] } = JSON.parse(
    readFileSync(new URL('index.json', models), 'utf8'),
  );
  const { files } = index.models.find((model) => model.id === id)!;
  return new Map(
    Object.entries(files).map(([role, { path }]) => [role, fileURLToPath(new URL(path, models))]),
  );
}
