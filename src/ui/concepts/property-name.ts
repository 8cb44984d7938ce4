import type { Texts } from '../../text/texts.ts';

/** A property of the world in the reader's words; a name that the catalogue lacks stands for itself. */
export function propertyName(name: string, texts: Texts): string {
  const words: Readonly<Record<string, unknown>> = texts.parts;
  const found = words[`property_${name}`];
  return typeof found === 'string' ? found : name;
}
