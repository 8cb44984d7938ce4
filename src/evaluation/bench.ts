/** `npm run bench [taps|capture|ask] [--json]`: costs as ratios inside one run, on onnxruntime-node. */

import { ask } from './benches/ask.ts';
import { capture } from './benches/capture.ts';
import { taps } from './benches/taps.ts';
import { runMeasures } from './table.ts';

await runMeasures({ taps, capture, ask }, process.argv.slice(2));
