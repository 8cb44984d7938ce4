/** A patch that takes a direction out of a site, or moves along one. */

import type { ModelIndex } from './model-index.ts';
import { type Patch, type PatchSite, patch, sumLastAxis } from './patch.ts';

/**
 * x - ((x - centre) . direction) direction + addend, along the last axis. Added inputs `direction` (of length 1, or 0: neutral),
 * `centre` and `addend` (neutral 0), each with the site's axes and broadcast against it: a batch may carry a direction a row.
 */
export function projectOut(model: ModelIndex, site: PatchSite): Patch {
  return patch(model, site, ({ original, graph, opset }) => {
    const input = (role: string): string =>
      graph.input({ role, type: 'float32', axes: site.axes, exact: [], neutral: 0 });
    const direction = input('direction');
    const centred = graph.node('Sub', [original, input('centre')]);
    const along = sumLastAxis(graph, graph.node('Mul', [centred, direction]), opset);
    const kept = graph.node('Sub', [original, graph.node('Mul', [along, direction])]);
    return graph.node('Add', [kept, input('addend')]);
  });
}
