/** Broken inputs from whole ones, the same for the same seed. */

/** A generator of whole numbers in [0, bound). */
export type Draw = (bound: number) => number;

/** Mulberry32 of a seed and a case number: any case can be made again without those before it. */
export function drawOf(seed: number, at: number): Draw {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(at + 1, 0xc2b2ae35)) >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, bound);
  };
}

/** Values at which lengths, counts and varints turn. */
const EDGES = [0, 1, 2, 7, 0x7f, 0x80, 0xff, 0x08, 0x0a, 0x3a, 0x12] as const;

/** One input of the corpus with 1 to 8 changes: bits, bytes, runs, cuts, repetitions, and parts of another input. */
export function mutate(corpus: readonly Uint8Array[], draw: Draw): Uint8Array {
  let bytes = Uint8Array.from(corpus[draw(corpus.length)]!);
  const changes = 1 + draw(8);
  for (let change = 0; change < changes; change++) bytes = changed(bytes, corpus, draw);
  return bytes;
}

function changed(
  bytes: Uint8Array<ArrayBuffer>,
  corpus: readonly Uint8Array[],
  draw: Draw,
): Uint8Array<ArrayBuffer> {
  const at = draw(bytes.length);
  if (bytes.length === 0) return Uint8Array.from([draw(256)]);
  switch (draw(8)) {
    case 0:
      bytes[at]! ^= 1 << draw(8);
      return bytes;
    case 1:
      bytes[at] = draw(256);
      return bytes;
    case 2:
      bytes[at] = EDGES[draw(EDGES.length)]!;
      return bytes;
    case 3:
      // A run of one byte: huge varints and lengths.
      bytes.fill(draw(2) === 0 ? 0xff : draw(256), at, at + 1 + draw(12));
      return bytes;
    case 4:
      return bytes.slice(0, at);
    case 5: {
      const end = at + 1 + draw(64);
      return joined([bytes.subarray(0, at), bytes.subarray(end)]);
    }
    case 6: {
      const part = bytes.subarray(at, at + 1 + draw(64));
      const place = draw(bytes.length);
      return joined([bytes.subarray(0, place), part, bytes.subarray(place)]);
    }
    default: {
      const other = corpus[draw(corpus.length)]!;
      const from = draw(other.length);
      const part = other.subarray(from, from + 1 + draw(256));
      return joined([bytes.subarray(0, at), part, bytes.subarray(at + part.length)]);
    }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
