/**
 * Arithmetic on dimensions that may be symbolic. A symbolic size is a product such as `batch`, `4*batch` or `batch*height`;
 * null is a size about which nothing is known.
 */

import type { Dimension } from './value-info.ts';

type Factors = { readonly number: number; readonly symbols: readonly string[] };

function factors(size: number | string): Factors {
  if (typeof size === 'number') return { number: size, symbols: [] };
  let number = 1;
  const symbols: string[] = [];
  for (const part of size.split('*')) {
    if (/^\d+$/.test(part)) number *= Number(part);
    else symbols.push(part);
  }
  return { number, symbols };
}

function dimension({ number, symbols }: Factors): number | string {
  if (symbols.length === 0 || number === 0) return number;
  const name = [...symbols].sort().join('*');
  return number === 1 ? name : `${number}*${name}`;
}

export function multiply(sizes: readonly Dimension[]): Dimension {
  let number = 1;
  const symbols: string[] = [];
  for (const size of sizes) {
    if (size === null) return null;
    const part = factors(size);
    number *= part.number;
    symbols.push(...part.symbols);
  }
  return dimension({ number, symbols });
}

/** total / divisor where that is exact, else null. */
export function divide(total: Dimension, divisor: Dimension): Dimension {
  if (total === null || divisor === null || divisor === 0) return null;
  const above = factors(total);
  const below = factors(divisor);
  const symbols = [...above.symbols];
  for (const symbol of below.symbols) {
    const at = symbols.indexOf(symbol);
    if (at < 0) return null;
    symbols.splice(at, 1);
  }
  if (above.number % below.number !== 0) return null;
  return dimension({ number: above.number / below.number, symbols });
}

/** The size of one axis of a broadcast. */
export function broadcastSize(left: Dimension, right: Dimension): Dimension {
  if (left === 1) return right;
  if (right === 1 || left === right) return left;
  // A known size above 1 wins: a graph that runs at all has the other side equal to it or 1.
  if (typeof left === 'number') return left;
  if (typeof right === 'number') return right;
  return null;
}

export function broadcastShapes(
  left: readonly Dimension[],
  right: readonly Dimension[],
): readonly Dimension[] {
  const rank = Math.max(left.length, right.length);
  return Array.from({ length: rank }, (_, index) => {
    const a = left[index - rank + left.length] ?? (index < rank - left.length ? 1 : null);
    const b = right[index - rank + right.length] ?? (index < rank - right.length ? 1 : null);
    return broadcastSize(a, b);
  });
}
