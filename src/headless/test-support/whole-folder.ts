/** A folder as it lies on a disk, opened as the page opens it: roles by the Hub's conventions, what is missing made. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { completeFolder } from '../../families/complete.ts';
import { readLayout } from '../../families/layout.ts';
import { createNodeRuntime, type NodeRuntime } from '../runtime.ts';
import { writeModelFolder } from './model-folder.ts';

export type Files = Readonly<Record<string, Uint8Array>>;

/** Every file of a folder by its path in it. */
export function readFolder(path: string): Files {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(path, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [name.replaceAll('\\', '/'), new Uint8Array(readFileSync(join(path, name)))]),
  );
}

const FIXTURES = join(import.meta.dirname, '../../../models/fixtures');

/** Stable Diffusion of `models/fixtures/pipeline.py`. */
export function pipelineFolder(): Files {
  return readFolder(join(FIXTURES, 'stable-diffusion'));
}

/** The latent consistency model of `models/fixtures/pipeline.py`: another U-Net and scheduler, the rest as in Stable Diffusion. */
export function consistencyFolder(): Files {
  return {
    ...pipelineFolder(),
    ...readFolder(join(FIXTURES, 'latent-consistency')),
    'unet/model.onnx': new Uint8Array(readFileSync(join(FIXTURES, 'files/unet-lcm.optimum.onnx'))),
  };
}

/** A host whose model folder holds it as `id`. */
export async function folderRuntime(id: string, files: Files): Promise<NodeRuntime> {
  const listing = Object.entries(files).map(([path, { length }]) => ({ path, bytes: length }));
  const layout = readLayout(listing);
  const roles = Object.entries(layout.files);
  const bytes = async (role: string): Promise<Uint8Array> => files[layout.files[role]!.path]!;
  const made = await completeFolder(
    {
      family: layout.family,
      roles: new Set(Object.keys(layout.files)),
      models: roles.filter(([, { path }]) => path.endsWith('.onnx')).map(([role]) => role),
      encoder: true,
      beside: () => new Set(),
      bytes,
      text: async (role) => new TextDecoder().decode(await bytes(role)),
    },
    'read',
  );
  const own = roles.map(([role, { path }]) => [path, { role, bytes: files[path]! }] as const);
  const added = Object.entries(made).map(
    ([role, value]) =>
      [`made-${role}.json`, { role, bytes: new TextEncoder().encode(JSON.stringify(value)) }] as const,
  );
  const models = writeModelFolder([
    { id, family: layout.family, files: Object.fromEntries([...own, ...added]) },
  ]);
  return createNodeRuntime({ models, threads: 1 });
}
