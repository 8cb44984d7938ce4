import type { SessionSource } from '../jobs/runtime.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Backend, OrtSession } from './ort.ts';
import { probeFeeds } from './probe-feeds.ts';
import { Sha256 } from './sha256.ts';

/** What is remembered of earlier checks, by graph: the difference that was found. */
export interface CheckMemory {
  read(key: string): Promise<number | undefined>;
  write(key: string, difference: number): Promise<void>;
}

/** Larger files would have to fit twice: of those only what the device gives is looked at. */
const MOST_BYTES = 128 * 1024 * 1024;

/**
 * Largest difference between WebGPU and WASM that is trusted, as a share of the output's own largest value (at least 1): rounding in
 * another order stays far below, a wrong kernel or an overflow far above.
 */
export const TRUSTED = 1e-2;

/**
 * A backend whose sessions are compared with another's on one small input when they are first made: drivers exist that compute
 * nonsense without an error. Of a model too large for a second copy, what comes out must be numbers, which is how halves fail.
 * Remembered for the graph, so that it costs one run. Throws `device` for a session not to be trusted.
 */
export function checkedBackend(
  own: Backend,
  reference: () => Promise<Backend>,
  memory: CheckMemory,
): Backend {
  return {
    async create(source) {
      const session = await own.create(source);
      // A check that cannot be made (no memory for a second copy, an input that the model does not take) says nothing of the device.
      const difference = await differenceOf(session, source, reference, memory).catch(() => undefined);
      if (difference === undefined || difference <= TRUSTED) return session;
      await session.release().catch(() => undefined);
      throw new VitrineError('device', `WebGPU differs from WASM by ${difference}`, {
        device: 'webgpu',
        difference: String(difference),
      });
    },
  };
}

async function differenceOf(
  session: OrtSession,
  source: SessionSource,
  reference: () => Promise<Backend>,
  memory: CheckMemory,
): Promise<number | undefined> {
  const bytes = source.graph.length + (source.weights?.data.length ?? 0);
  const feeds = probeFeeds(session.specs);
  // The first output is the model's own; taps come after.
  const [output] = session.outputs;
  if (!feeds || output === undefined) return undefined;
  const key = new Sha256().update(source.graph).hex();
  const known = await memory.read(key);
  if (known !== undefined) return known;
  if (bytes > MOST_BYTES) {
    const { [output]: ours } = await session.run(feeds, [output]);
    if (ours?.type !== 'float32') return undefined;
    const difference = ours.data.some(Number.isNaN) ? Number.NaN : 0;
    await memory.write(key, difference);
    return difference;
  }
  const other = await (await reference()).create(source);
  try {
    const { [output]: ours } = await session.run(feeds, [output]);
    const { [output]: theirs } = await other.run(feeds, [output]);
    if (ours?.type !== 'float32' || theirs?.type !== 'float32') return undefined;
    const difference = relativeDifference(ours.data, theirs.data);
    await memory.write(key, difference);
    return difference;
  } finally {
    await other.release();
  }
}

/** Largest |a - b| over max(1, largest |b|); NaN where only one of them is not finite, or sizes differ. */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.NaN;
  let difference = 0;
  let scale = 1;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (Object.is(x, y)) continue;
    if (!Number.isFinite(x) || !Number.isFinite(y)) return Number.NaN;
    difference = Math.max(difference, Math.abs(x - y));
    scale = Math.max(scale, Math.abs(y));
  }
  return difference / scale;
}
