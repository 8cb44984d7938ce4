/** Shares of right answers as rows of a table. */

import type { Bar, Finding } from '../../table.ts';

export interface Marked {
  readonly right: boolean;
  /** Whether it asks for a pair that no training scene holds. */
  readonly unseen: boolean;
}

/** One row over all, and one each over seen and unseen combinations. */
export function splitShares(name: string, marks: readonly Marked[], least?: number, note = ''): Finding[] {
  return [
    shareRow(
      name,
      marks.map(({ right }) => right),
      least,
      note,
    ),
    ...[false, true].map((unseen) =>
      shareRow(
        unseen ? '  unseen combinations' : '  seen combinations',
        marks.filter((mark) => mark.unseen === unseen).map(({ right }) => right),
      ),
    ),
  ];
}

/** The share of what is right; NaN, which passes no bar, of nothing. */
export function shareRow(name: string, rights: readonly boolean[], least?: number, note = ''): Finding {
  const bar: Bar | undefined = least === undefined ? undefined : { is: 'at least', value: least };
  const right = rights.filter((value) => value).length;
  return {
    name,
    value: right / rights.length,
    unit: 'share',
    ...(bar ? { bar } : {}),
    note: [`${right} of ${rights.length}`, note].filter((text) => text !== '').join('; '),
  };
}
