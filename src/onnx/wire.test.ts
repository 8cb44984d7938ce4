import fc from 'fast-check';
import protobuf from 'protobufjs/minimal';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { FIXED32, OnnxError, VARINT, WireReader, WireWriter } from './wire.ts';

const fieldNumber = fc.integer({ min: 1, max: 2 ** 29 - 1 });

type Written = { field: number } & ({ varint: bigint } | { float: number } | { bytes: Uint8Array });
const written: fc.Arbitrary<Written> = fc.oneof(
  fc.record({ field: fieldNumber, varint: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
  fc.record({ field: fieldNumber, varint: fc.bigInt({ min: 0n, max: 300n }) }),
  fc.record({ field: fieldNumber, float: fc.float({ noNaN: true }) }),
  fc.record({ field: fieldNumber, bytes: fc.uint8Array({ maxLength: 300 }) }),
);

const longOf = (value: bigint) => {
  const low = Number(value & 0xffffffffn);
  return { low: low | 0, high: Number(value >> 32n) | 0, unsigned: true };
};

describe('wire format against protobufjs', () => {
  it('reads what protobufjs writes', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 20 }), (fields) => {
        const oracle = protobuf.Writer.create();
        for (const item of fields) {
          if ('varint' in item) oracle.uint32((item.field << 3) >>> 0).uint64(longOf(item.varint) as never);
          else if ('float' in item) oracle.uint32(((item.field << 3) | FIXED32) >>> 0).float(item.float);
          else oracle.uint32(((item.field << 3) | 2) >>> 0).bytes(item.bytes);
        }
        const bytes = oracle.finish();
        const reader = new WireReader(bytes);
        for (const item of fields) {
          expect(reader.next()).toBe(true);
          expect(reader.field).toBe(item.field);
          if ('varint' in item) expect(reader.uint64()).toBe(item.varint);
          else if ('float' in item) expect(reader.float32()).toBe(item.float);
          else {
            const { start, end } = reader.range();
            expect([...bytes.subarray(start, end)]).toEqual([...item.bytes]);
          }
        }
        expect(reader.next()).toBe(false);
        // Skipping everything ends at the same place.
        const skipping = new WireReader(bytes);
        while (skipping.next()) skipping.skip();
        expect(skipping.position).toBe(bytes.length);
      }),
    );
  });

  it('writes what protobufjs reads', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 20 }), (fields) => {
        const writer = new WireWriter();
        for (const item of fields) {
          if ('varint' in item) writer.varint(item.field, item.varint);
          else if ('float' in item) writer.float32(item.field, item.float);
          else writer.bytes(item.field, item.bytes);
        }
        const oracle = protobuf.Reader.create(writer.finish());
        for (const item of fields) {
          const tag = oracle.uint32();
          expect(tag >>> 3).toBe(item.field);
          if ('varint' in item) {
            expect(tag & 7).toBe(VARINT);
            const value = oracle.uint64();
            const long = typeof value === 'number' ? BigInt(value) : BigInt(value.toString());
            expect(BigInt.asUintN(64, long)).toBe(item.varint);
          } else if ('float' in item) expect(oracle.float()).toBe(item.float);
          else expect([...oracle.bytes()]).toEqual([...item.bytes]);
        }
        expect(oracle.pos).toBe(oracle.len);
      }),
    );
  });

  it('reads signed integers', () => {
    const writer = new WireWriter();
    writer.varint(1, -1);
    writer.varint(1, -1);
    const reader = new WireReader(writer.finish());
    reader.next();
    expect(reader.int64()).toBe(-1n);
    reader.next();
    expect(reader.int32()).toBe(-1);
  });
});

describe('broken bytes', () => {
  const code = (bytes: number[]) => {
    const reader = new WireReader(Uint8Array.from(bytes));
    try {
      while (reader.next()) reader.skip();
      return 'fine';
    } catch (error) {
      return error instanceof OnnxError ? error.code : error;
    }
  };

  it.each([
    ['a varint without an end', [0x08, 0x80], 'truncated'],
    ['a varint of eleven bytes', [0x08, ...new Array<number>(10).fill(0x80), 1], 'malformed'],
    ['a length past the end', [0x0a, 5, 1], 'truncated'],
    ['a length of 2^64 - 1', [0x0a, ...new Array<number>(9).fill(0xff), 1], 'truncated'],
    ['field number 0', [0x00, 1], 'malformed'],
    ['wire type 7', [0x0f, 1], 'malformed'],
    ['half a fixed32', [0x0d, 1, 2], 'truncated'],
    ['an open group', [0x0b], 'truncated'],
    ['groups without end', new Array<number>(1000).fill(0x0b), 'malformed'],
    ['a group closed by another', [0x0b, 0x14], 'malformed'],
    ['a closed group', [0x0b, 0x08, 1, 0x0c], 'fine'],
  ])('%s', (_, bytes, expected) => {
    expect(code(bytes)).toBe(expected);
  });
});

describe('UTF-8 against TextDecoder', () => {
  it('decodes any bytes alike', () => {
    const oracle = new TextDecoder('utf-8', { ignoreBOM: true });
    const lead = fc.constantFrom(0xc3, 0xe2, 0xe0, 0xed, 0xf0, 0xf4, 0xf5, 0x80, 0xbf, 0xa0, 0x90, 0x41);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.array(lead).map((list) => Uint8Array.from(list)),
    );
    const alike = fc.property(bytes, (raw) => {
      expect(decodeUtf8(raw)).toBe(oracle.decode(raw));
    });
    fc.assert(alike, { numRuns: 2000 });
  });

  it('encodes any text alike', () => {
    const oracle = new TextEncoder();
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(text, (raw) => {
        expect(encodeUtf8(raw)).toEqual(new Uint8Array(oracle.encode(raw)));
      }),
    );
    expect(encodeUtf8('\ud800x')).toEqual(new Uint8Array(oracle.encode('\ud800x')));
  });
});
