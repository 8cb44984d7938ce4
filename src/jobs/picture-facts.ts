/** What is kept of many pictures under one layer: how large each label is, and how high each unit peaks. A thousandth of the maps. */

import { type Areas, areasOf } from '../methods/dissection/sentence.ts';
import type { Seen } from './dissect-work.ts';
import type { Runtime } from './runtime.ts';

export interface PictureFacts {
  readonly areas: Areas;
  /** By unit. */
  readonly peaks: Float32Array;
}

/** Facts by batch. */
export type FactsByBatch = Map<number, readonly PictureFacts[]>;

export function factsOf(seen: readonly Seen[]): readonly PictureFacts[] {
  return seen.map(({ peaks, seen: { regions } }) => ({ areas: areasOf(regions), peaks }));
}

type Slot = 'evidence' | 'held-out';

const hosts = new WeakMap<object, Map<Slot, { readonly key: string; readonly facts: FactsByBatch }>>();

/** What a host keeps from one unit to the next, a cancelled look among it: the newest layer of each slot only. */
export function lastFacts({ host }: Runtime, slot: Slot, key: string): FactsByBatch {
  const slots = hosts.get(host) ?? new Map();
  hosts.set(host, slots);
  const known = slots.get(slot);
  if (known?.key === key) return known.facts;
  const facts: FactsByBatch = new Map();
  slots.set(slot, { key, facts });
  return facts;
}
