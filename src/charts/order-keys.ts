/**
 * The indices of `kept` in the order of their keys, by a radix sort of the doubles' bits: four passes of 16 bits over 100,000 keys
 * take a few milliseconds, where a sort that calls back takes a hundred. Stable; NaN goes last in either direction; -0 and 0
 * are one key. A new array.
 */
export function orderByKeys(
  kept: Uint32Array,
  keys: Float64Array,
  direction: 'ascending' | 'descending',
): Uint32Array {
  const count = kept.length;
  const bits = new Uint32Array(keys.length * 2);
  const doubles = new Float64Array(bits.buffer);
  // Adding 0 turns -0 into 0.
  for (let i = 0; i < keys.length; i += 1) doubles[i] = keys[i]! + 0;
  const flip = direction === 'descending';
  for (let i = 0; i < keys.length; i += 1) {
    if (Number.isNaN(keys[i]!)) {
      bits[2 * i] = 0xffffffff;
      bits[2 * i + 1] = 0xffffffff;
      continue;
    }
    // Negative doubles order by their bits backwards: all bits turn; positive ones get the sign bit set.
    const negative = bits[2 * i + 1]! >>> 31 === 1;
    const low = negative ? ~bits[2 * i]! : bits[2 * i]!;
    const high = negative ? ~bits[2 * i + 1]! : bits[2 * i + 1]! ^ 0x80000000;
    bits[2 * i] = flip ? ~low : low;
    bits[2 * i + 1] = flip ? ~high : high;
  }
  let from = kept.slice();
  let to = new Uint32Array(count);
  const places = new Uint32Array(0x10000);
  for (let pass = 0; pass < 4; pass += 1) {
    const word = pass >> 1;
    const shift = (pass & 1) * 16;
    places.fill(0);
    for (let i = 0; i < count; i += 1) {
      const digit = (bits[2 * from[i]! + word]! >>> shift) & 0xffff;
      places[digit] = places[digit]! + 1;
    }
    // One digit for all: nothing would move.
    if (count > 0 && places[(bits[2 * from[0]! + word]! >>> shift) & 0xffff] === count) continue;
    let start = 0;
    for (let digit = 0; digit < places.length; digit += 1) {
      const size = places[digit]!;
      places[digit] = start;
      start += size;
    }
    for (let i = 0; i < count; i += 1) {
      const digit = (bits[2 * from[i]! + word]! >>> shift) & 0xffff;
      to[places[digit]!] = from[i]!;
      places[digit] = places[digit]! + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}
