/** A switch on every unit of a layer: a patch of the graph, and what is fed to it. */

import type { Session, Value } from '../families/session.ts';
import type { LiveUnit } from '../methods/faithfulness/matched-sets.ts';
import type { ModelIndex } from '../onnx/model-index.ts';
import { type Patch, replaceWhere } from '../onnx/patch.ts';
import type { Site } from '../onnx/sites/site.ts';
import type { UnitStatistics } from './unit-statistics.ts';

export interface UnitSwitch {
  readonly change: Patch;
  readonly count: number;
  /** Units that are ever active. */
  readonly live: readonly LiveUnit[];
  /** What to feed so that these units are off. */
  gates(dark: readonly number[]): Readonly<Record<string, Value>>;
}

/**
 * Off is 0 for an activation, and the unit's mean for a residual direction or a sum, where 0 would be a value like any other.
 * `statistics` are those of ordinary pictures.
 */
export function unitSwitch(model: ModelIndex, site: Site, { means, magnitudes }: UnitStatistics): UnitSwitch {
  const change = replaceWhere(model, { tensor: site.tensor, axes: site.axes, name: `off(${site.name})` });
  const count = means.length;
  const channel = site.axes.indexOf('channel');
  const dims = site.axes.map((_, axis) => (axis === channel ? count : 1));
  const [mask, injected] = change.inputs;
  const off: Value = { type: 'float32', dims, data: isActivation(site) ? new Float32Array(count) : means };
  return {
    change,
    count,
    live: [...magnitudes].flatMap((activity, unit): LiveUnit[] => (activity > 0 ? [{ unit, activity }] : [])),
    gates: (dark) => {
      const data = new Uint8Array(count);
      for (const unit of dark) data[unit] = 1;
      return { [mask!.name]: { type: 'bool', dims, data }, [injected!.name]: off };
    },
  };
}

/** What an activation function wrote, of which 0 is rest. */
function isActivation({ kind, name }: Site): boolean {
  return kind === 'mlp.post' || kind === 'conv.post' || /\.relu\d*$/.test(name);
}

/** The session with these fed at every run. */
export function fedWith(session: Session, more: Readonly<Record<string, Value>>): Session {
  return { ...session, run: (feeds, fetch) => session.run({ ...feeds, ...more }, fetch) };
}
