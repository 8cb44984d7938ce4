/** `npm run bench [taps|capture] [--json]`: costs as ratios inside one run, on onnxruntime-node. */

import { capture } from './benches/capture.ts';
import { taps } from './benches/taps.ts';
import { runMeasures } from './table.ts';

await runMeasures({ taps, capture }, process.argv.slice(2));
