/** What a decoder with cross attention says next: on its cache, or, with heads silenced, by full runs of the instrumented graph. */

import { floats, type Session } from '../session.ts';
import type { CrossDecoder } from './cross-decoder.ts';
import type { Speech } from './generate.ts';
import {
  type CrossPast,
  crossPresents,
  type Memory,
  readCrossPast,
  runCross,
  type Silenced,
  type Written,
} from './run-cross.ts';

export interface CrossPlan {
  /** The file as it is where it has a cache, else the instrumented one. */
  readonly session: Session;
  readonly decoder: CrossDecoder;
  readonly memory: Memory;
  /** The start token, and tokens that the answer must begin with. */
  readonly start: readonly number[];
  readonly forced: readonly number[];
  /** Null: nothing is changed, and the cache is used if there is one. */
  readonly silenced: Silenced | null;
  write(ids: readonly number[]): Promise<Written>;
}

export function crossSpeech(plan: CrossPlan): Speech {
  const { session, decoder, memory, start, forced, silenced, write } = plan;
  const cached = silenced === null && decoder.cache.length > 0;
  const said = [...start, ...forced];
  let past: CrossPast | null = null;
  const run = async (ids: readonly number[]): Promise<(row: number) => Float32Array> => {
    const fetch = cached ? ['logits', ...crossPresents(decoder, past)] : ['logits'];
    const outputs = await runCross(session, decoder, memory, await write(ids), fetch, { past, silenced });
    if (cached) past = readCrossPast(decoder, outputs, past);
    const { dims, data } = floats(outputs, 'logits');
    const vocabulary = dims[2]!;
    return (row) => data.slice(row * vocabulary, (row + 1) * vocabulary);
  };
  return {
    async begin() {
      const at = await run(said);
      return Array.from({ length: forced.length + 1 }, (_, index) => at(start.length - 1 + index));
    },
    async after(id) {
      said.push(id);
      const ids = cached ? [id] : said;
      return (await run(ids))(ids.length - 1);
    },
  };
}
