/** Bytes of ONNX: the index, opening (branches, unfusing), the locator, and an instrumented copy that must read back. */

import { instrument } from '../onnx/instrument.ts';
import { indexModel } from '../onnx/model-index.ts';
import { openGraph } from '../onnx/open-graph.ts';
import { gate } from '../onnx/patch.ts';
import { locateSites } from '../onnx/sites/locate.ts';
import { tap } from '../onnx/tap.ts';
import { OnnxError } from '../onnx/wire.ts';
import { must, type Target } from './target.ts';

export function onnxTarget(corpus: readonly Uint8Array[]): Target {
  return { name: 'onnx', corpus, run, isTyped: (error) => error instanceof OnnxError };
}

function run(bytes: Uint8Array): void {
  const whole = indexModel(bytes);
  for (const { range } of whole.initializers.values()) {
    must(
      range.start >= 0 && range.start <= range.end && range.end <= bytes.length,
      'a tensor outside the file',
    );
  }
  const { model } = openGraph(bytes, 'weights');
  const { sites, attentions } = locateSites(model);
  must(new Set(sites.map(({ name }) => name)).size === sites.length, 'two sites of one name');
  for (const { tensor } of sites) {
    const known = model.names.has(tensor) || model.producers.has(tensor);
    must(known, `a site on ${tensor}, which is no value`);
  }
  const taps = tap(
    model,
    sites.map(({ tensor }) => tensor),
  );
  const pattern = sites.find(({ name }) => name === attentions[0]?.pattern);
  const changes = pattern ? [taps, gate(model, pattern)] : [taps];
  const again = indexModel(instrument(model, changes));
  for (const { output } of taps.outputs) {
    must(
      again.outputs.some(({ name }) => name === output),
      `no output ${output} after tapping`,
    );
  }
}
