import { expect, test } from 'vitest';
import { VitrineError } from '../protocol/errors.ts';
import { memo } from './memo.ts';
import type { Runtime } from './runtime.ts';

/** Only the identity of the host is read. */
function runtimeOf(host: object): Runtime {
  const refuse = () => Promise.reject(new Error('not here'));
  return {
    device: 'wasm',
    host,
    bytes: refuse,
    json: refuse,
    tokenizer: refuse,
    open: refuse,
    now: () => 0,
    pause: () => Promise.resolve(),
  };
}

test('one value for each host and key', async () => {
  let made = 0;
  const get = memo(async (_, key) => `${key}${++made}`);
  const [host, other] = [{}, {}];
  expect(await Promise.all([get(runtimeOf(host), 'a'), get(runtimeOf(host), 'a')])).toEqual(['a1', 'a1']);
  expect(await get(runtimeOf(host), 'b')).toBe('b2');
  expect(await get(runtimeOf(other), 'a')).toBe('a3');
});

test('a failure is forgotten', async () => {
  let calls = 0;
  const get = memo(async () => {
    if (++calls === 1) throw new Error('once');
    return calls;
  });
  const runtime = runtimeOf({});
  await expect(get(runtime, 'a')).rejects.toThrow('once');
  expect(await get(runtime, 'a')).toBe(2);
});

test('whoever waits for a cancelled maker makes it', async () => {
  let calls = 0;
  const get = memo(async () => {
    calls++;
    await Promise.resolve();
    if (calls === 1) throw new VitrineError('cancelled', 'stopped');
    return calls;
  });
  const runtime = runtimeOf({});
  const [first, second] = await Promise.allSettled([get(runtime, 'a'), get(runtime, 'a')]);
  expect(first.status).toBe('rejected');
  expect(second).toEqual({ status: 'fulfilled', value: 2 });
});
