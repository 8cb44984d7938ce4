/** Runs the instrumented U-Net as if it were the plain one. */

import { neutralFeed } from '../../onnx/graph-builder.ts';
import { FOLDED_AXIS } from '../../onnx/reduce.ts';
import type { Session, Value } from '../session.ts';
import type { InstrumentedUnet } from './unet.ts';

/** A session that takes the plain model's inputs, and any of the added ones: those that are not given are fed neutrally. */
export function steerable(
  session: Session,
  { inputs, timestep: stated }: Pick<InstrumentedUnet, 'inputs' | 'timestep'>,
): Session {
  const remembered = new Map<string, Readonly<Record<string, Value>>>();
  const neutral = (batch: number, tokens: number): Readonly<Record<string, Value>> => {
    const key = `${batch} ${tokens}`;
    const known = remembered.get(key);
    if (known) return known;
    const made: Record<string, Value> = {};
    for (const { input, rowsPerImage } of inputs) {
      const rows = batch * rowsPerImage;
      const sizes = { batch: rows, [FOLDED_AXIS]: rows, sourceKey: tokens, targetKey: tokens };
      // A feed is a value whose type and store agree, which its own type does not say.
      made[input.name] = neutralFeed(input, sizes) as Value;
    }
    remembered.set(key, made);
    return made;
  };
  return {
    inputs: session.inputs,
    outputs: session.outputs,
    release: () => session.release(),
    run: (feeds, fetch) => {
      const batch = feeds.sample?.dims[0];
      const tokens = feeds.encoder_hidden_states?.dims[1];
      const { timestep } = feeds;
      if (!batch || !tokens || !timestep) {
        throw new RangeError('a run needs sample, timestep and encoder_hidden_states');
      }
      return session.run(
        { ...neutral(batch, tokens), ...feeds, timestep: stepAsStated(timestep, stated) },
        fetch,
      );
    },
  };
}

/** Exporters state the step as one number, as a list of one, or as one for each row. */
export function stepAsStated(timestep: Value, stated: InstrumentedUnet['timestep']): Value {
  if (stated === null || (stated.length === 1 && stated[0] !== 1)) return timestep;
  // All rows of a batch are at the same step.
  return { ...timestep, dims: stated.length === 0 ? [] : [1], data: timestep.data.slice(0, 1) } as Value;
}
