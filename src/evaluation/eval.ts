/**
 * `npm run eval -- [models|concepts|dissection|attention|edits|vlm] [--json]`: scores models and methods against the world's truth. `--only ID,ID` and
 * `--count N`, or `--scenes N`, `--pictures N`, `--questions N` apart, say how much `models` looks at.
 */

import { attention } from './suites/attention.ts';
import { concepts } from './suites/concepts.ts';
import { dissection } from './suites/dissection.ts';
import { edits } from './suites/edits.ts';
import { models } from './suites/models.ts';
import { vlm } from './suites/vlm.ts';
import { runMeasures } from './table.ts';

// Attention before models: its pictures serve both.
await runMeasures({ concepts, dissection, attention, edits, models, vlm }, process.argv.slice(2));
