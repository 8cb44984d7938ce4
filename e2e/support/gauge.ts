import type { Browser, Page } from '@playwright/test';

/** A task of the main thread over 50 ms, with what the browser knows of its cause. */
export interface LongTask {
  readonly startTime: number;
  readonly duration: number;
}

declare global {
  interface Window {
    longTasks: LongTask[];
    longFrames: string[];
  }
}

/** Records long tasks from now on, and the scripts of slow frames to blame them on. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.longTasks = [];
    window.longFrames = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        window.longTasks.push({ startTime, duration });
      }
    }).observe({ type: 'longtask' });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.longFrames.push(JSON.stringify(entry));
    }).observe({ type: 'long-animation-frame' });
  });
}

export async function longTasks(page: Page): Promise<readonly LongTask[]> {
  return page.evaluate(async () => {
    // Entries are handed over after the task has ended.
    await new Promise((resolve) => setTimeout(resolve, 200));
    return window.longTasks;
  });
}

/** Slow frames in words: duration, blocking part, and the scripts in them. */
export async function slowFrames(page: Page): Promise<readonly string[]> {
  const frames = await page.evaluate(() => window.longFrames);
  return frames.map((text) => {
    const { startTime, duration, blockingDuration, scripts } = JSON.parse(text) as {
      readonly startTime: number;
      readonly duration: number;
      readonly blockingDuration: number;
      readonly scripts: readonly {
        readonly invoker: string;
        readonly sourceFunctionName: string;
        readonly duration: number;
        readonly forcedStyleAndLayoutDuration: number;
      }[];
    };
    const causes = scripts.map(
      ({ invoker, sourceFunctionName, duration: took, forcedStyleAndLayoutDuration: layout }) =>
        `${invoker} ${sourceFunctionName} ${took.toFixed(0)} ms (layout ${layout.toFixed(0)})`,
    );
    return `at ${startTime.toFixed(0)}: ${duration.toFixed(0)} ms, blocking ${blockingDuration.toFixed(0)} ms: ${causes.join('; ')}`;
  });
}

/** Milliseconds from each click on a word to the last drawing that it caused; the word is put out again in between. */
export async function clickLatencies(page: Page, label: string, clicks: number): Promise<readonly number[]> {
  return page.evaluate(
    async ([name, count]) => {
      const chips = [
        ...document.querySelectorAll<HTMLElement>(`[aria-label="${name}"] li button[aria-pressed]`),
      ];
      if (chips.length < 3) throw new Error('no words to click');
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const drawn = () => performance.getEntriesByName('heatmap-drawn').at(-1)?.startTime ?? Number.NaN;
      const settle = async () => {
        for (let last = Number.NaN; !(drawn() === last); ) {
          last = drawn();
          await frame();
          await frame();
        }
      };
      const times: number[] = [];
      // Two rounds through all words first: warm.
      for (let i = -2 * chips.length; i < count; i += 1) {
        const chip = chips[(i + 2 * chips.length) % chips.length]!;
        performance.clearMarks();
        chip.click();
        await settle();
        const from = performance.getEntriesByName('word-click').at(-1)!.startTime;
        if (i >= 0) times.push(drawn() - from);
        if (chip.getAttribute('aria-pressed') !== 'true') throw new Error('the click lit no word');
        chip.click();
        await settle();
      }
      return times;
    },
    [label, clicks] as const,
  );
}

/**
 * Milliseconds from each change of layer, head or step, in turn and every time another value, to the drawing that it caused.
 * `labels` are those of the three lists.
 */
export async function choiceLatencies(
  page: Page,
  labels: readonly string[],
  changes: number,
): Promise<readonly number[]> {
  return page.evaluate(
    async ([names, count]) => {
      const lists = names.map((name) => {
        const label = [...document.querySelectorAll('label')].find(({ textContent }) => textContent === name);
        const list = label?.control;
        if (!(list instanceof HTMLSelectElement)) throw new Error(`no list ${name}`);
        return list;
      });
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const drawn = () => performance.getEntriesByName('heatmap-drawn').at(-1)?.startTime ?? Number.NaN;
      const times: number[] = [];
      for (let i = 0; i < count; i += 1) {
        const list = lists[i % lists.length]!;
        performance.clearMarks();
        const from = performance.now();
        list.selectedIndex = (list.selectedIndex + 1) % list.options.length;
        list.dispatchEvent(new Event('change', { bubbles: true }));
        for (let last = Number.NaN; !(drawn() === last); ) {
          last = drawn();
          await frame();
          await frame();
        }
        times.push(drawn() - from);
      }
      return times;
    },
    [labels, changes] as const,
  );
}

/** The value below which a share of the figures lies (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Wall and processor time, microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * The most processor time, in milliseconds, that one task of a main thread took while `work` went on. Beside the wall time of a
 * long task it tells the page's own work from waiting for a busy machine.
 */
export async function mostOwnTime(browser: Browser, page: Page, work: () => Promise<void>): Promise<number> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  await work();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: TraceEvent[];
  };
  const thread = ({ pid, tid }: TraceEvent): string => `${pid}.${tid}`;
  const mains = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(thread),
  );
  const tasks = trace.traceEvents.filter(
    (event) => event.ph === 'X' && event.name.endsWith('RunTask') && mains.has(thread(event)),
  );
  if (tasks.length === 0) throw new Error('the trace holds no tasks');
  return Math.max(...tasks.map(({ tdur }) => tdur ?? 0)) / 1000;
}
