/** Names of a classifier's classes, as folders have them. */

/**
 * By class, from `id2label` of a config or from a text file of one name a line (a WordNet id before it is dropped). Empty where
 * there are fewer or more names than classes: names that do not fit the model would be lies.
 */
export function classNames(config: unknown, text: string | null, count: number): readonly string[] {
  const named =
    typeof config === 'object' && config !== null && 'id2label' in config ? config.id2label : null;
  const fromConfig = typeof named === 'object' && named !== null ? fromMap(named) : [];
  if (fromConfig.length === count) return fromConfig;
  const fromText = text === null ? [] : lines(text);
  return fromText.length === count ? fromText : [];
}

function fromMap(map: object): readonly string[] {
  const entries = Object.entries(map).flatMap(([key, name]): readonly (readonly [number, string])[] =>
    /^\d+$/.test(key) && typeof name === 'string' ? [[Number(key), name]] : [],
  );
  const names = entries.toSorted(([a], [b]) => a - b);
  if (names.some(([index], position) => index !== position)) return [];
  // A config that was never told any says LABEL_0, LABEL_1 and so on.
  return names.every(([index, name]) => name === `LABEL_${index}`) ? [] : names.map(([, name]) => name);
}

function lines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^n\d{8}\s+/, ''))
    .filter((line) => line !== '');
}
