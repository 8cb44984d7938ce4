/** Broden's six categories keep one colour each throughout; the page's theme may override them. */
const fallbacks: Readonly<Record<string, string>> = {
  scene: '#4477aa',
  object: '#ee6677',
  part: '#228833',
  material: '#b8a432',
  texture: '#2b9fc4',
  color: '#aa3377',
};

/** CSS colour of a label category; others are grey. */
export function categoryColour(category: string): string {
  const fallback = fallbacks[category];
  return fallback ? `var(--cat-${category}, ${fallback})` : 'var(--ink-3, #8a939c)';
}
