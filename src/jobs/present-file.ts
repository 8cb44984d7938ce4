import { VitrineError } from '../protocol/errors.ts';
import type { Runtime } from './runtime.ts';

/** The first of these files that the model has. Throws `model-missing` for the first when it has none. */
export async function presentFile<File extends string>(
  runtime: Runtime,
  model: string,
  files: readonly [File, ...File[]],
): Promise<File> {
  for (const file of files) if (await hasFile(runtime, model, file)) return file;
  await runtime.bytes(model, files[0]);
  return files[0];
}

export async function hasFile(runtime: Runtime, model: string, file: string): Promise<boolean> {
  try {
    await runtime.bytes(model, file);
    return true;
  } catch (error) {
    if (error instanceof VitrineError && error.code === 'model-missing') return false;
    throw error;
  }
}
