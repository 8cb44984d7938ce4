import { VitrineError } from './errors.ts';
import { isTemplate } from './templates.ts';

/** An object from the other side of a boundary: nothing is known of its fields yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The error for a parameter outside of what is allowed. */
export function bad(name: string, allowed: string, value: unknown): VitrineError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : plain(value);
  return new VitrineError('bad-parameter', `${name} must be ${allowed}: ${shown}`, { name, allowed });
}

/** An object from the other side may have a `toString` that is none. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

export function fields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(name, 'an object', value);
  return value as Fields;
}

export function number(from: Fields, name: string, low: number, high: number): number {
  const value = from[name];
  if (typeof value !== 'number' || !(value >= low && value <= high)) throw bad(name, range(low, high), value);
  return value;
}

export function integer(from: Fields, name: string, low: number, high: number): number {
  const value = number(from, name, low, high);
  if (!Number.isInteger(value)) throw bad(name, `a whole number, ${range(low, high)}`, value);
  return value;
}

/** 32-bit unsigned. */
export function seed(from: Fields, name: string): number {
  return integer(from, name, 0, 0xffffffff);
}

export function text(from: Fields, name: string, maxLength: number): string {
  const value = from[name];
  if (typeof value !== 'string' || value.length > maxLength) {
    throw bad(name, `a text of at most ${maxLength} characters`, value);
  }
  return value;
}

/** The name of a model or a site: not empty, no white space. */
export function name(from: Fields, field: string): string {
  const value = text(from, field, 200);
  if (!/^\S+$/.test(value)) throw bad(field, 'a name', value);
  return value;
}

export function strings(from: Fields, name: string, maxCount: number, maxLength: number): readonly string[] {
  const list = from[name];
  if (!Array.isArray(list) || list.length > maxCount) throw bad(name, `at most ${maxCount} texts`, list);
  return list.map((item: unknown) => {
    const value = text({ [name]: item }, name, maxLength);
    if (value.trim() === '') throw bad(name, 'texts that are not empty', value);
    return value;
  });
}

export function oneOf<const Choice extends string>(
  from: Fields,
  name: string,
  choices: readonly Choice[],
): Choice {
  const value = from[name];
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw bad(name, choices.join(' or '), value);
  return found;
}

function range(low: number, high: number): string {
  return high === Number.MAX_VALUE ? 'a finite number' : `${low} to ${high}`;
}

/** Longest prompt, in characters: far beyond any model's token limit, short enough to tokenise at once. */
export const maxPromptLength = 2000;

/** The field `prompt`. Throws `bad-prompt` when nothing is in it. */
export function prompt(from: Fields): string {
  const value = text(from, 'prompt', maxPromptLength);
  if (value.trim() === '') throw new VitrineError('bad-prompt', 'the prompt is empty');
  return value;
}

/** Sentences with a place for the concept; absent for the usual ones. */
export function templates(from: Fields): { readonly templates?: readonly string[] } {
  if (from.templates === undefined) return {};
  const list = strings(from, 'templates', 12, 200);
  if (list.length === 0 || !list.every(isTemplate)) {
    throw bad('templates', 'sentences with {} or {a} in them', from.templates);
  }
  return { templates: list };
}
