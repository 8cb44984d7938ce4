/** Which precision of a model suits this machine, where the visitor leaves it open. */

import type { Device } from '../../protocol/jobs.ts';
import type { PrecisionReason } from '../../protocol/library.ts';

/** What was found out about the machine. */
export interface Room {
  readonly device: Device;
  /** Whether the GPU computes in halves. */
  readonly halves: boolean;
  /** Of the machine; absent where the browser says nothing. */
  readonly memoryBytes?: number;
}

export interface Offer {
  /** As `fp16`. */
  readonly precision: string;
  /** Of all files in it. */
  readonly bytes: number;
}

export interface Choice {
  readonly precision: string;
  readonly reason: PrecisionReason;
}

/** A WASM heap, which holds the weights on both devices while a session is made, ends here. */
const HEAP_BYTES = 4 * 2 ** 30;
/** Weights lie in memory as they came and as the session holds them. */
const COPIES = 2;
/** Of the machine's memory, what a tab may reasonably take. */
const SHARE = 0.5;

/** Halves fill the memory twice where the runtime widens them: WASM computes them in float32. */
const WIDENED = /^(fp16|q4f16)$/;

/** Bytes of memory that running a model takes, roughly: weights, twice. */
export function memoryNeed(
  { precision, bytes }: Offer,
  { device, halves }: Omit<Room, 'memoryBytes'>,
): number {
  const native = device === 'webgpu' && halves;
  return bytes * (WIDENED.test(precision) && !native ? 1 + COPIES : COPIES);
}

/** Bytes of memory that a model may take here; the heap's end where the browser does not tell more. */
export function memoryRoom({ memoryBytes }: Pick<Room, 'memoryBytes'>): number {
  return Math.min(HEAP_BYTES, SHARE * (memoryBytes ?? Number.POSITIVE_INFINITY));
}

/**
 * The first of the offers (best first) that fits: halves before floats on a GPU that computes them, which halves the download too;
 * elsewhere halves only if nothing else fits. Where nothing does, the one that needs the least.
 */
export function choosePrecision(offers: readonly Offer[], room: Room): Choice {
  const native = room.device === 'webgpu' && room.halves;
  const rank = (offer: Offer): number =>
    offer.precision === 'fp16' ? (native ? -1 : offers.length) : offers.indexOf(offer);
  const ordered = offers.toSorted((a, b) => rank(a) - rank(b));
  const fitting = ordered.find((offer) => memoryNeed(offer, room) <= memoryRoom(room));
  if (!fitting) {
    const smallest = offers.toSorted((a, b) => memoryNeed(a, room) - memoryNeed(b, room))[0];
    return { precision: smallest?.precision ?? '', reason: 'tight' };
  }
  if (offers.length === 1) return { precision: fitting.precision, reason: 'only' };
  if (fitting !== ordered[0]) return { precision: fitting.precision, reason: 'memory' };
  return { precision: fitting.precision, reason: fitting.precision === 'fp16' ? 'halves' : 'exact' };
}
