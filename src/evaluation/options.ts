/** What the command lines of `eval` and `bench` understand. */

import { parseArgs } from 'node:util';

/** Counts of scenes, generated pictures, scenes that questions are asked about; the others are the `vlm` suite's. */
export const COUNT_FLAGS = ['scenes', 'pictures', 'questions', 'validation', 'deletion', 'pairs'] as const;
export type CountFlag = (typeof COUNT_FLAGS)[number];

export interface MeasureOptions extends Readonly<Partial<Record<CountFlag, number>>> {
  /** Ids of models; all where it is absent. */
  readonly only?: readonly string[];
}

export interface CommandLine {
  readonly json: boolean;
  readonly names: readonly string[];
  readonly options: MeasureOptions;
}

/** Throws TypeError for an unknown flag and RangeError for a count that is not a positive integer. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      count: { type: 'string' },
      only: { type: 'string' },
      ...(Object.fromEntries(COUNT_FLAGS.map((name) => [name, { type: 'string' }])) as Record<
        CountFlag,
        { readonly type: 'string' }
      >),
    },
  });
  const counts = Object.fromEntries(
    COUNT_FLAGS.flatMap((name) => {
      const text = values[name] ?? values.count;
      return text === undefined ? [] : [[name, positive(name, text)]];
    }),
  );
  return {
    json: values.json,
    names: positionals,
    options: { ...counts, ...(values.only ? { only: values.only.split(',') } : {}) },
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`invalid --${name}: ${text}`);
  return value;
}
