/** Activations and labels that are looked at more than once: kept up to a number of bytes, run again beyond. */

import type { Seen } from './dissect-work.ts';
import type { Runtime } from './runtime.ts';

/** What one dissection may keep. */
export const KEPT_BYTES = 128 * 1024 * 1024;

export class KeptBatches {
  readonly #batches = new Map<number, readonly Seen[]>();
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  keep(batch: number, seen: readonly Seen[]): void {
    const bytes = seen.reduce(
      (sum, { maps, seen: { regions } }) => sum + maps.data.byteLength + regions.map.byteLength,
      0,
    );
    if (this.#bytes + bytes > this.#mostBytes) return;
    this.#bytes += bytes;
    this.#batches.set(batch, seen);
  }

  take(batch: number): readonly Seen[] | undefined {
    return this.#batches.get(batch);
  }
}

type Slot = 'part' | 'evidence' | 'held-out';

const hosts = new WeakMap<object, Map<Slot, { readonly key: string; readonly batches: KeptBatches }>>();

/** What a host keeps from one job to the next: the newest key of each slot only. */
export function lastBatches({ host }: Runtime, slot: Slot, key: string, mostBytes: number): KeptBatches {
  const slots = hosts.get(host) ?? new Map();
  hosts.set(host, slots);
  const known = slots.get(slot);
  if (known?.key === key) return known.batches;
  const batches = new KeptBatches(mostBytes);
  slots.set(slot, { key, batches });
  return batches;
}

export function dropBatches({ host }: Runtime, slot: Slot): void {
  hosts.get(host)?.delete(slot);
}
