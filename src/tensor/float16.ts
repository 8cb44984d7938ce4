/** IEEE 754 binary16, which JavaScript engines do not all have an array for: its bits travel in a Uint16Array. */

/** One half as a number; exact. */
export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0x1f) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** The nearest halves, ties to even, as the hardware rounds; beyond 65,504 infinite. A new array. */
export function toHalves(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) halves[i] = bitsToHalf(bits[i]!);
  return halves;
}

/** A new array of the same numbers. */
export function fromHalves(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, halfToNumber);
}

/** Binary32 bits to binary16 bits: mantissas of 23 and 10 bits, exponents biased by 127 and 15. */
function bitsToHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const mantissa = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa ? 0x200 : 0);
  // A carry out of the mantissa rightly raises the exponent, up to infinity.
  if (exponent > 112)
    return exponent > 142 ? sign | 0x7c00 : sign | rounded(((exponent - 112) << 23) | mantissa, 13);
  // Too small for a normal half: the leading 1 becomes explicit.
  return exponent < 102 ? sign : sign | rounded(mantissa | 0x800000, 126 - exponent);
}

/** `value` without its lowest bits, rounded to nearest, ties to even. */
function rounded(value: number, drop: number): number {
  const kept = value >>> drop;
  const rest = value & (2 ** drop - 1);
  const half = 2 ** (drop - 1);
  return rest > half || (rest === half && kept & 1) ? kept + 1 : kept;
}
