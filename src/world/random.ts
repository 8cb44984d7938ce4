/**
 * Random numbers that every JavaScript engine produces bit for bit: xoshiro128** (Blackman and Vigna, 2018) on
 * 32-bit integers, seeded by splitmix32. Nothing here calls a transcendental function of the engine.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** `seed` is any safe integer; `stream` gives independent sequences for the same seed. */
  constructor(seed: number, stream = 0) {
    let state =
      (seed >>> 0) ^ Math.imul(stream + 1, 0x9e3779b1) ^ Math.imul(Math.floor(seed / 4294967296), 0x85ebca6b);
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state ^ (state >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z ^= z >>> 15;
      z = Math.imul(z, 0x735a2d97);
      return z ^ (z >>> 15);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    // The all-zero state is the generator's only fixed point.
    this.#d = next() | 1;
  }

  /** The next unsigned 32-bit integer. */
  next32(): number {
    const r = Math.imul(this.#b, 5);
    const result = Math.imul((r << 7) | (r >>> 25), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** Uniform in [low, high), 53 random bits. */
  uniform(low = 0, high = 1): number {
    const upper = this.next32() >>> 5;
    const lower = this.next32() >>> 6;
    return low + ((high - low) * (upper * 67108864 + lower)) / 9007199254740992;
  }

  /** Uniform integer in [0, n), 1 <= n <= 2^32, without modulo bias. */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 4294967296) throw new RangeError(`invalid bound: ${n}`);
    const limit = 4294967296 - (4294967296 % n);
    let value = this.next32();
    while (value >= limit) value = this.next32();
    return value % n;
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.integer(items.length)] as T;
  }

  /** A shuffled copy (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swapped = result[i] as T;
      result[i] = result[j] as T;
      result[j] = swapped;
    }
    return result;
  }
}

const LN2 = Math.LN2;

/**
 * Natural logarithm of x in (0, 1], by + - * / only, so that it is the same in every engine: x = m * 2^-k with m in
 * [0.70, 1.42), ln m = 2 atanh((m - 1) / (m + 1)) as its odd power series. Relative error below 1e-14.
 */
export function naturalLogarithm(x: number): number {
  if (!(x > 0 && x <= 1)) throw new RangeError(`logarithm argument outside (0, 1]: ${x}`);
  let mantissa = x;
  let halvings = 0;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    halvings++;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  const square = z * z;
  let series = 0;
  for (let odd = 21; odd >= 1; odd -= 2) series = series * square + 1 / odd;
  return 2 * z * series - halvings * LN2;
}

/** One pair of independent standard normal numbers (Marsaglia's polar method; exact tails up to about 8.5). */
export function gaussianPair(random: Random): [number, number] {
  for (;;) {
    const u = random.uniform(-1, 1);
    const v = random.uniform(-1, 1);
    const square = u * u + v * v;
    if (square >= 1 || square === 0) continue;
    const scale = Math.sqrt((-2 * naturalLogarithm(square)) / square);
    return [u * scale, v * scale];
  }
}

export function gaussian(random: Random): number {
  return gaussianPair(random)[0];
}

const NOISE_STREAM = 101;

/** `length` standard normal numbers from a seed, rounded to float32: the latent noise of the sampler. */
export function gaussianNoise(seed: number, length: number): Float32Array {
  const random = new Random(seed, NOISE_STREAM);
  const noise = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    const [first, second] = gaussianPair(random);
    noise[i] = first;
    if (i + 1 < length) noise[i + 1] = second;
  }
  return noise;
}
