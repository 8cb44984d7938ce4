/** Fields of parsed JSON, whose shape is not known until looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/** Throws RangeError naming what is no object. */
export function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RangeError(`${name}: no object`);
  return value as Fields;
}

export function listOf(from: Fields, name: string): readonly unknown[] {
  const value = from[name];
  if (!Array.isArray(value)) throw new RangeError(`${name}: no list`);
  return value;
}

export function numberOf(from: Fields, name: string): number {
  const value = from[name];
  if (typeof value !== 'number') throw new RangeError(`${name}: no number`);
  return value;
}

export function textOf(from: Fields, name: string): string {
  const value = from[name];
  if (typeof value !== 'string') throw new RangeError(`${name}: no text`);
  return value;
}
