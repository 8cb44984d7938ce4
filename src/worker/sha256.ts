/** SHA-256 of the bytes, as lower-case hexadecimal digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Web Crypto exists in secure contexts only; a page served to the local network over plain HTTP has none.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  return hex(subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : sha256Plain(bytes));
}

/** The same without Web Crypto, a tenth of its speed. */
export function sha256Plain(bytes: Uint8Array): Uint8Array {
  return new Sha256().update(bytes).digest();
}

const BLOCK = 64;

/** FIPS 180-4, section 6.2, piece by piece: what Web Crypto cannot do for a file that is still on its way. */
export class Sha256 {
  readonly #state = Uint32Array.from(initial);
  readonly #schedule = new Uint32Array(64);
  /** Bytes that do not fill a block yet. */
  readonly #rest = new Uint8Array(BLOCK);
  #length = 0;

  update(bytes: Uint8Array): this {
    let at = 0;
    const held = this.#length % BLOCK;
    this.#length += bytes.length;
    if (held > 0) {
      at = Math.min(BLOCK - held, bytes.length);
      this.#rest.set(bytes.subarray(0, at), held);
      if (held + at < BLOCK) return this;
      compress(this.#state, this.#schedule, viewOf(this.#rest), 0);
    }
    const view = viewOf(bytes);
    for (; at + BLOCK <= bytes.length; at += BLOCK) compress(this.#state, this.#schedule, view, at);
    this.#rest.set(bytes.subarray(at));
    return this;
  }

  /** Of everything so far; nothing may be added afterwards. */
  digest(): Uint8Array {
    const held = this.#length % BLOCK;
    const tail = new Uint8Array(held + 9 > BLOCK ? 2 * BLOCK : BLOCK);
    tail.set(this.#rest.subarray(0, held));
    tail[held] = 0x80;
    viewOf(tail).setBigUint64(tail.length - 8, BigInt(this.#length) * 8n);
    for (let at = 0; at < tail.length; at += BLOCK) compress(this.#state, this.#schedule, viewOf(tail), at);
    const digest = new Uint8Array(32);
    const words = new DataView(digest.buffer);
    for (const [i, word] of this.#state.entries()) words.setUint32(i * 4, word);
    return digest;
  }

  hex(): string {
    return hex(this.digest());
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Folds one block of 64 bytes into the state; letters as in the standard. */
function compress(state: Uint32Array, w: Uint32Array, block: DataView, at: number): void {
  for (let t = 0; t < 16; t++) w[t] = block.getUint32(at + t * 4);
  for (let t = 16; t < 64; t++) {
    const early = w[t - 15]!;
    const late = w[t - 2]!;
    const small0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const small1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    w[t] = small1 + w[t - 7]! + small0 + w[t - 16]!;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + big1 + ((e & f) ^ (~e & g)) + constants[t]! + w[t]!) | 0;
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = state[i]! + value;
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** The first 64 primes: the standard takes its constants from the fractions of their roots. */
const primes: readonly bigint[] = (() => {
  const found: bigint[] = [];
  for (let n = 2n; found.length < 64; n++) if (found.every((p) => n % p !== 0n)) found.push(n);
  return found;
})();

/** First 32 bits of the fraction of the `degree`-th root of `n`, in exact integer arithmetic. */
function rootFraction(n: bigint, degree: bigint): number {
  const target = n << (32n * degree);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= target) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn);
}

const initial = primes.slice(0, 8).map((prime) => rootFraction(prime, 2n));
const constants = Uint32Array.from(primes, (prime) => rootFraction(prime, 3n));

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
