import type { Texts } from '../../text/texts.ts';

/** Broden's six, in the order that the page shows them. */
export const categories = ['scene', 'object', 'part', 'material', 'texture', 'color'] as const;

export function categoryName(category: string, { neurons }: Texts): string {
  const known = categories.find((entry) => entry === category);
  return known ? neurons[`category_${known}`] : category;
}
