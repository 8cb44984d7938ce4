/** Sessions of files that nobody looks into. */

import { externalise } from '../onnx/externalise.ts';
import type { Runtime, Session } from './runtime.ts';

/** The plain session of one file of a model. */
export function openPlain(runtime: Runtime, model: string, file: string): Promise<Session> {
  return runtime.open(`${model}/${file}`, async () => {
    const data = await runtime.bytes(model, file);
    const { graph, location } = externalise(data, `${file}.onnx`);
    return { graph, weights: { path: location, data } };
  });
}
