import { describe, expect, it } from 'vitest';
import { SerialQueue } from './queue.ts';

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('SerialQueue', () => {
  it('runs tasks one at a time, in the order of push', async () => {
    const queue = new SerialQueue();
    const log: string[] = [];
    const task = (name: string, ms: number) => async () => {
      log.push(`${name} begins`);
      await later(ms);
      log.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([
      queue.push(task('a', 20)),
      queue.push(task('b', 1)),
      queue.push(task('c', 5)),
    ]);
    expect(results).toEqual(['a', 'b', 'c']);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('goes on after a task that rejects or throws', async () => {
    const queue = new SerialQueue();
    const rejected = queue.push(() => Promise.reject(new Error('first')));
    const thrown = queue.push(() => {
      throw new Error('second');
    });
    const third = queue.push(async () => 3);
    await expect(rejected).rejects.toThrow('first');
    await expect(thrown).rejects.toThrow('second');
    expect(await third).toBe(3);
  });
});
