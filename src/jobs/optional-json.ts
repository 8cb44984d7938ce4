/** A file that not every model has. */

import { VitrineError } from '../protocol/errors.ts';
import type { Runtime } from './runtime.ts';

/** The parsed file, or null where the model has none. */
export async function optionalJson(runtime: Runtime, model: string, file: string): Promise<unknown> {
  try {
    return await runtime.json(model, file);
  } catch (error) {
    if (error instanceof VitrineError && error.code === 'model-missing') return null;
    throw error;
  }
}
