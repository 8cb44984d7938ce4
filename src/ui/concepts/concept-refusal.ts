import { LIMITS } from '../../state/address.ts';
import type { FittedConcepts } from '../../state/concept-list.ts';
import type { Texts } from '../../text/texts.ts';

/** As much of a text as names it. */
const NAMED = 40;

/** Why a list was not taken, with the first entry that is to blame; undefined where all of it fits. */
export function refusalOf({ refused }: FittedConcepts, { parts }: Texts): string | undefined {
  const [first] = refused;
  if (!first) return undefined;
  const text = first.text.length > NAMED ? `${first.text.slice(0, NAMED)}…` : first.text;
  return first.reason === 'long'
    ? parts.conceptLong({ text, most: LIMITS.concept })
    : parts.conceptFull({ text, count: refused.length, most: LIMITS.conceptCount });
}
