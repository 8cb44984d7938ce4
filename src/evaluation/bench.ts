/** `npm run bench [taps|attention|ask|concepts|dissection|dissection-stream|instrument|world] [--json]`: costs as ratios inside one run, on onnxruntime-node. */

import { ask } from './benches/ask.ts';
import { attention } from './benches/attention.ts';
import { concepts } from './benches/concepts.ts';
import { dissection } from './benches/dissection.ts';
import { dissectionStream } from './benches/dissection-stream.ts';
import { instrumentation } from './benches/instrument.ts';
import { taps } from './benches/taps.ts';
import { world } from './benches/world.ts';
import { runMeasures } from './table.ts';

await runMeasures(
  {
    taps,
    attention,
    ask,
    concepts,
    dissection,
    'dissection-stream': dissectionStream,
    instrument: instrumentation,
    world,
  },
  process.argv.slice(2),
);
