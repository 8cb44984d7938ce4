import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sha256, sha256, sha256Plain } from './sha256.ts';

/** Node's own implementation is the reference. */
const reference = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('sha256', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000])('of %i bytes', async (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + 11) & 255);
    expect(Buffer.from(sha256Plain(bytes)).toString('hex')).toBe(reference(bytes));
    expect(await sha256(bytes)).toBe(reference(bytes));
  });

  it('agrees with the reference on any bytes, also inside a larger buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(7), (bytes, offset) => {
        const large = new Uint8Array(bytes.length + offset);
        large.set(bytes, offset);
        expect(Buffer.from(sha256Plain(large.subarray(offset))).toString('hex')).toBe(reference(bytes));
      }),
    );
  });

  it('comes out the same in whatever pieces the bytes arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 8 }), (pieces) => {
        const hash = new Sha256();
        for (const piece of pieces) hash.update(piece);
        expect(hash.hex()).toBe(reference(Buffer.concat(pieces)));
      }),
    );
  });
});
