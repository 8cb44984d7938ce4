/** What a suite or a benchmark found, and whether it is good enough. */

import { type MeasureOptions, readCommandLine } from './options.ts';

export interface Bar {
  readonly is: 'at least' | 'at most';
  readonly value: number;
}

export interface Finding {
  readonly name: string;
  readonly value: number;
  /** Absent for figures that are there to compare with. */
  readonly bar?: Bar;
  readonly unit?: 'share' | 'ratio' | 'count' | 'decibels';
  readonly note?: string;
}

/** NaN passes no bar. */
export function passes({ value, bar }: Finding): boolean {
  if (!bar) return true;
  return bar.is === 'at least' ? value >= bar.value : value <= bar.value;
}

/** Name, value, bar, verdict; one line a finding. */
export function formatTable(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    finding.name,
    formatValue(finding.value, finding.unit),
    finding.bar ? `${finding.bar.is} ${formatValue(finding.bar.value, finding.unit)}` : '',
    finding.bar ? (passes(finding) ? 'pass' : 'FAIL') : '',
    finding.note ?? '',
  ]);
  const table = [['', 'value', 'bar', 'verdict', ''], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function formatValue(value: number, unit: Finding['unit'] = 'ratio'): string {
  if (Number.isNaN(value)) return 'none';
  if (unit === 'share') return `${(100 * value).toFixed(1)}%`;
  if (unit === 'count') return value.toFixed(0);
  return unit === 'decibels' ? `${value.toFixed(1)} dB` : value.toFixed(3);
}

export type Measure = (say: (line: string) => void, options: MeasureOptions) => Promise<readonly Finding[]>;

/**
 * Runs the chosen measures (all when none is named), prints each table or all of them as JSON, and sets a failing exit code
 * when a bar is missed. Throws RangeError for a name that is not there.
 */
export async function runMeasures(
  all: Readonly<Record<string, Measure>>,
  args: readonly string[],
): Promise<void> {
  const { json, names, options } = readCommandLine(args);
  for (const name of names) {
    if (!Object.hasOwn(all, name))
      throw new RangeError(`unknown: ${name}; there are ${Object.keys(all).join(', ')}`);
  }
  const chosen = names.length > 0 ? names : Object.keys(all);
  const report: Record<string, { readonly seconds: number; readonly findings: readonly Finding[] }> = {};
  for (const name of chosen) {
    const start = performance.now();
    // Progress goes to stderr, so that --json stays clean.
    const findings = await all[name]!((line) => process.stderr.write(`${line}\n`), options);
    const seconds = (performance.now() - start) / 1000;
    report[name] = { seconds, findings };
    if (!json) process.stdout.write(`\n${name} (${seconds.toFixed(0)} s)\n${formatTable(findings)}\n`);
    if (!findings.every(passes)) process.exitCode = 1;
  }
  if (json) {
    const withVerdicts = Object.entries(report).map(([name, { seconds, findings }]) => [
      name,
      { seconds, findings: findings.map((finding) => ({ ...finding, pass: passes(finding) })) },
    ]);
    process.stdout.write(`${JSON.stringify(Object.fromEntries(withVerdicts), null, 2)}\n`);
  }
}
