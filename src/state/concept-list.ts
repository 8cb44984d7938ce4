/** Lists of concepts as people paste and upload them, and as they may stand in a link. */

import { csvRows } from '../datasets/csv.ts';
import { cleanText, LIMITS } from './address.ts';

export interface FittedConcepts {
  /** Clean, each once, in the order given. */
  readonly concepts: readonly string[];
  /** What found no place: longer than a concept may be, or more than a link holds. */
  readonly refused: readonly { readonly text: string; readonly reason: 'long' | 'full' }[];
}

/** Empty and repeated entries are no loss and are not told of. */
export function fitConcepts(wanted: readonly string[]): FittedConcepts {
  const concepts: string[] = [];
  const refused: { text: string; reason: 'long' | 'full' }[] = [];
  let room: number = LIMITS.concepts;
  for (const entry of wanted) {
    const plain = entry.replaceAll(',', ' ');
    const text = cleanText(plain, Number.POSITIVE_INFINITY);
    if (text === '' || concepts.includes(text)) continue;
    if (text.length > LIMITS.concept) {
      refused.push({ text, reason: 'long' });
      continue;
    }
    const length = lengthInLink(text);
    if (concepts.length >= LIMITS.conceptCount || length > room) {
      refused.push({ text, reason: 'full' });
      continue;
    }
    room -= length;
    concepts.push(text);
  }
  return { concepts, refused };
}

/** The list as it may stand in a link; what does not fit is left out. */
export function cleanConcepts(concepts: readonly string[]): readonly string[] {
  return fitConcepts(concepts).concepts;
}

/**
 * The entries of a text: one a line, or between commas, semicolons or tabs. What stands in quotes is one entry. A quote that never closes
 * is a character like any other.
 */
export function splitConcepts(text: string): readonly string[] {
  const plain = text
    .replace(/^\uFEFF/, '')
    .replace(/[;\t]/g, ',')
    .replace(/(^|[,\n])[^\S\n]+"/g, '$1"');
  try {
    return [...csvRows(plain)].flat();
  } catch {
    return plain.split(/[,\n]/);
  }
}

/** With the separator. */
function lengthInLink(text: string): number {
  return new URLSearchParams([['', `,${text}`]]).toString().length - 1;
}
