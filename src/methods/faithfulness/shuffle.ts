/**
 * Shuffles the values of a weight tensor in place (Fisher and Yates): the control model keeps every value, hence each
 * tensor's distribution, and loses what training put where. `below(n)` gives a uniform integer in [0, n) from a seeded
 * generator. Works on any element store, float16 bits among them. Uniform over permutations as far as `below` is.
 */
export function shuffle(
  values: Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array,
  below: (bound: number) => number,
): void {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = below(last + 1);
    const kept = values[last]!;
    values[last] = values[other]!;
    values[other] = kept;
  }
}
