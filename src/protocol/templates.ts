/** The sentences that a concept is put into before its embedding is averaged. */

/**
 * The concept on its own, and in a phrase or two of the kind that captions are made of; an article only where there is none.
 * The phrases use words that the drawn world's captions use too, so that a small vocabulary holds them.
 */
export function conceptPrompts(concept: string): readonly string[] {
  const text = concept.trim();
  const phrase = /^(an?|the)\s/i.test(text) ? text : `${/^[aeiou]/i.test(text) ? 'an' : 'a'} ${text}`;
  return [...new Set([text, phrase, `a picture of ${phrase}`])];
}
