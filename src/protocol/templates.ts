/** The sentences that a concept is put into before its embedding is averaged. */

/**
 * `{}` stands for the concept as it is written, `{a}` for it with an article where it has none. The usual ones are the concept on its own and
 * phrases of the kind that captions are made of, in words that the drawn world's captions use too.
 */
export const TEMPLATES: readonly string[] = ['{}', '{a}', 'a picture of {a}'];

/** Each sentence once. Throws RangeError for a template without a place for the concept. */
export function conceptPrompts(concept: string, templates: readonly string[] = TEMPLATES): readonly string[] {
  const text = concept.trim();
  const phrase = /^(an?|the)\s/i.test(text) ? text : `${/^[aeiou]/i.test(text) ? 'an' : 'a'} ${text}`;
  const prompts = templates.map((template) => {
    if (!isTemplate(template)) throw new RangeError(`no place for the concept: ${template}`);
    return template.replaceAll('{a}', () => phrase).replaceAll('{}', () => text);
  });
  return [...new Set(prompts)];
}

/** Whether a sentence has a place for the concept. */
export function isTemplate(template: string): boolean {
  return template.includes('{}') || template.includes('{a}');
}
