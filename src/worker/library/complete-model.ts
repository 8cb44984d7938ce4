/** What a visitor's own files are made of, and what is made of them, so that jobs read every model alike. */

import { completeFolder } from '../../families/complete.ts';
import type { Layout } from '../../families/layout.ts';
import { likelyPreparation } from '../../families/preparations.ts';
import { besideName, besideRole } from '../../onnx/beside.ts';
import { indexModel } from '../../onnx/model-index.ts';
import { OnnxError } from '../../onnx/wire.ts';
import { VitrineError } from '../../protocol/errors.ts';
import type { KeptModel, Preparation } from '../../protocol/library.ts';
import { Sha256 } from '../sha256.ts';
import type { Listing } from './listing.ts';
import type { Vault } from './vault.ts';

/** Files of a visitor's that are looked into before they are taken in, up to this size. */
const LOOK_BYTES = 64 * 1024 * 1024;

/** An encoder is read once as a whole, so that a model of sound is refused when it is opened and not when it is first asked. */
const ENCODER_BYTES = 512 * 1024 * 1024;

/** Keeps what the folder does not have as jobs read it. */
export async function complete(
  vault: Vault,
  { family }: Layout,
  files: KeptModel['files'],
  preparation: Preparation,
): Promise<KeptModel['files']> {
  const byRole = new Map(files.map((file) => [file.role, file]));
  const bytes = async (role: string): Promise<Uint8Array> => vault.read(byRole.get(role)!.sha256);
  const folder = {
    family,
    roles: new Set(byRole.keys()),
    models: files
      .filter(({ path, bytes: size }) => path.endsWith('.onnx') && size <= LOOK_BYTES)
      .map(({ role }) => role),
    encoder: (byRole.get('vision_encoder')?.bytes ?? Number.POSITIVE_INFINITY) <= ENCODER_BYTES,
    beside: (role: string) =>
      new Set(files.filter((file) => besideRole(file.role) === role).map(({ path }) => besideName(path))),
    bytes,
    text: async (role: string) => new TextDecoder().decode(await bytes(role)),
  };
  const made = await understood(() => completeFolder(folder, preparation), files);
  const kept: KeptModel['files'][number][] = [];
  for (const [role, value] of Object.entries(made)) {
    const content = new TextEncoder().encode(JSON.stringify(value));
    const sha256 = new Sha256().update(content).hex();
    const part = await vault.part(`made-${sha256}`);
    part.truncate();
    part.append(content);
    await part.finish(sha256);
    kept.push({ role, path: `${role}.json`, bytes: content.length, sha256 });
  }
  return kept;
}

/** How pictures are prepared where the folder does not say: what was chosen, else what the file gives away. */
export async function preparationOf(
  layout: Layout,
  listing: Listing,
  wanted: Preparation,
): Promise<Preparation> {
  if (layout.family !== 'backbone' || layout.files.preprocessor_config) return 'read';
  if (wanted !== 'read') return wanted;
  const file = listing.byPath.get(layout.files.vision_model?.path ?? '');
  if (!file?.look || file.bytes > LOOK_BYTES) return 'imagenet';
  const bytes = await file.look();
  try {
    return likelyPreparation(indexModel(bytes));
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    throw new VitrineError('model-corrupt', `${file.path}: ${error.message}`, { file: file.path }, error);
  }
}

async function understood<T>(work: () => Promise<T>, files: KeptModel['files']): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    const file = files.find(({ path }) => path.endsWith('.onnx'))?.path ?? '';
    throw new VitrineError('model-corrupt', `${file}: ${error.message}`, { file }, error);
  }
}
