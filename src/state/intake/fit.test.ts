import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base64urlLength, fromBase64url, toBase64url } from './base64url.ts';
import { centreSquare, steps } from './fit.ts';

it('cuts the centred square', () => {
  expect(centreSquare(301, 100)).toEqual({ x: 100, y: 0, side: 100 });
  expect(centreSquare(64, 90)).toEqual({ x: 0, y: 13, side: 64 });
});

it('halves down to the size and never skips pixels', () => {
  expect(steps(1100, 128)).toEqual([550, 275, 137, 128]);
  expect(steps(256, 128)).toEqual([128]);
  expect(steps(40, 128)).toEqual([128]);
});

it('writes and reads base64url', () => {
  expect(toBase64url(Uint8Array.of(0xfb, 0xff, 0xbe, 0x01))).toBe('-_--AQ');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const text = toBase64url(bytes);
      expect(text).toHaveLength(base64urlLength(bytes.length));
      expect(fromBase64url(text)).toEqual(bytes);
    }),
  );
  for (const bad of ['a', 'ab+c', 'ab=', 'é']) expect(fromBase64url(bad)).toBeUndefined();
});
