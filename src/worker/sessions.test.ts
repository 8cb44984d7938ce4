import { describe, expect, it } from 'vitest';
import { SerialQueue } from '../jobs/queue.ts';
import type { Session, SessionSource } from '../jobs/runtime.ts';
import type { Device } from '../protocol/jobs.ts';
import { JobCancellation } from './cancel.ts';
import { createSessions } from './sessions.ts';

const source = async (): Promise<SessionSource> => ({ graph: new Uint8Array() });
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A backend that notes what it does, and throws when two calls overlap. */
function noting(failures = 0) {
  const log: string[] = [];
  let busy = false;
  let left = failures;
  async function alone<T>(name: string, value: T): Promise<T> {
    if (busy) throw new Error(`${name} overlaps`);
    busy = true;
    await later(2);
    busy = false;
    log.push(name);
    return value;
  }
  const session = (device: Device): Session => ({
    inputs: ['a'],
    outputs: ['b'],
    run: () => alone(`run on ${device}`, {}),
    release: () => alone(`release on ${device}`, undefined),
  });
  const backend = async (device: Device) => ({
    create: () =>
      left-- > 0 ? Promise.reject(new Error('refused')) : alone(`create on ${device}`, session(device)),
  });
  return { log, sessions: createSessions(new SerialQueue(), backend) };
}

describe('createSessions', () => {
  it('opens a key once, and lets nothing overlap', async () => {
    const { log, sessions } = noting();
    const open = (key: string) => sessions.open('wasm', key, source, new JobCancellation());
    const [one, two, other] = await Promise.all([open('x'), open('x'), open('y')]);
    await Promise.all([one.run({}, []), two.run({}, []), other.run({}, [])]);
    expect(log).toEqual(['create on wasm', 'create on wasm', 'run on wasm', 'run on wasm', 'run on wasm']);
  });

  it('forgets a failure', async () => {
    const { log, sessions } = noting(1);
    await expect(sessions.open('wasm', 'x', source, new JobCancellation())).rejects.toThrow('refused');
    await sessions.open('wasm', 'x', source, new JobCancellation());
    expect(log).toEqual(['create on wasm']);
  });

  it('opens anew after a release, on whichever device', async () => {
    const { log, sessions } = noting();
    const open = (device: Device) => sessions.open(device, 'x', source, new JobCancellation());
    await open('webgpu');
    await sessions.releaseAll('wasm');
    await sessions.releaseAll('webgpu');
    await open('wasm');
    await open('webgpu');
    expect(log).toEqual(['create on webgpu', 'release on webgpu', 'create on wasm', 'create on webgpu']);
  });

  it('closes a session that is still being opened, without blocking the queue', async () => {
    const { log, sessions } = noting();
    const slow = async () => {
      await later(5);
      return source();
    };
    const opening = sessions.open('wasm', 'x', slow, new JobCancellation());
    await sessions.releaseAll('wasm');
    await opening;
    expect(log).toEqual(['create on wasm', 'release on wasm']);
  });

  it('does not run what waited when its job was cancelled', async () => {
    const { log, sessions } = noting();
    const cancellation = new JobCancellation();
    const session = await sessions.open('wasm', 'x', source, cancellation);
    const runs = Promise.allSettled([session.run({}, []), session.run({}, []), session.run({}, [])]);
    await later(1);
    cancellation.cancel();
    expect((await runs).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(log).toEqual(['create on wasm', 'run on wasm']);
  });

  it('hears of a cancel between runs that never leave the thread', async () => {
    let runs = 0;
    const instant: Session = {
      inputs: [],
      outputs: [],
      run: async () => ({ [++runs]: a }),
      release: async () => {},
    };
    const a = { type: 'bool', dims: [0], data: new Uint8Array() } as const;
    const sessions = createSessions(new SerialQueue(), async () => ({ create: async () => instant }));
    const cancellation = new JobCancellation();
    const session = await sessions.open('wasm', 'x', source, cancellation);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => cancellation.cancel();
    port2.postMessage('cancel');
    const loop = async () => {
      for (let i = 0; i < 10_000; i++) await session.run({}, []);
    };
    await expect(loop()).rejects.toMatchObject({ code: 'cancelled' });
    expect(runs).toBeLessThan(1000);
    port1.close();
  });

  it('does not let one job pay for the cancel of another that was opening the same key', async () => {
    const { log, sessions } = noting();
    const first = new JobCancellation();
    const slow = async () => {
      await later(5);
      return source();
    };
    const cancelled = sessions.open('wasm', 'x', slow, first);
    const kept = sessions.open('wasm', 'x', source, new JobCancellation());
    first.cancel();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    await (await kept).run({}, []);
    expect(log).toEqual(['create on wasm', 'run on wasm']);
  });
});
