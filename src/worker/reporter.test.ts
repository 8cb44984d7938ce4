import { describe, expect, it } from 'vitest';
import { createReporter } from './reporter.ts';

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('createReporter', () => {
  it('sends everything, in order, to a page that keeps up', async () => {
    const seen: number[] = [];
    const reporter = createReporter<{ done: number }>(async ({ done }) => seen.push(done));
    for (let done = 1; done <= 20; done++) {
      reporter.report({ done });
      await turn();
    }
    await reporter.flush();
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('keeps only the newest for a page that does not', async () => {
    const seen: number[] = [];
    const answers: (() => void)[] = [];
    const reporter = createReporter<{ done: number }>(({ done }) => {
      seen.push(done);
      return new Promise<void>((resolve) => answers.push(resolve));
    });
    for (let done = 1; done <= 1000; done++) reporter.report({ done });
    expect(seen).toEqual([1, 2, 3, 4]);
    const flushed = reporter.flush();
    while (answers.length > 0) {
      answers.shift()?.();
      await turn();
    }
    await flushed;
    expect(seen).toEqual([1, 2, 3, 4, 1000]);
  });

  it('goes on when the page fails', async () => {
    const reporter = createReporter<{ done: number }>(() => Promise.reject(new Error('drawing failed')));
    reporter.report({ done: 1 });
    await expect(reporter.flush()).resolves.toBeUndefined();
  });
});
