/** An edit in a link: short fields of one letter, `;` between them; what is left out has its usual value. */

import { type Edit, PLAIN_EDIT, REGION_SIDE, type StepWindow } from '../protocol/steer.ts';
import { cleanText } from './address.ts';

/** Most characters of an edit in a link. */
const LONGEST = 900;

/** Whether an edit would draw the first picture again. */
export function isPlain(edit: Edit): boolean {
  return (
    edit.prompt === '' &&
    edit.recolour === null &&
    edit.paint === null &&
    !edit.renormalise &&
    edit.weights.every(({ weight }) => weight === 1)
  );
}

export function writeEdit(edit: Edit): string {
  const fields: string[] = [];
  const { prompt, method, crossSteps, selfSteps, weights, blend, recolour, paint, within } = edit;
  if (prompt !== '') fields.push(`p${prompt.replaceAll(';', ',')}`);
  if (method !== PLAIN_EDIT.method) fields.push(`m${method}`);
  if (!same(crossSteps, PLAIN_EDIT.crossSteps)) fields.push(`c${pair(crossSteps)}`);
  if (!same(selfSteps, PLAIN_EDIT.selfSteps)) fields.push(`s${pair(selfSteps)}`);
  for (const { word, weight } of weights) fields.push(`w${word}*${round(weight)}`);
  if (edit.renormalise) fields.push('n1');
  if (blend !== null) fields.push(`b${blend}`);
  if (recolour) fields.push(`r${recolour.word}*${recolour.recipe}*${recolour.to}`);
  if (paint) {
    fields.push(`t${paint.words.join('+')}*${paint.region}*${round(paint.strength)}*${pair(paint.steps)}`);
  }
  if (within !== null) fields.push(`i${within}`);
  return fields.length === 0 ? '0' : fields.join(';');
}

/** Undefined for what is no edit. */
export function readEdit(text: string): Edit | undefined {
  if (text.length > LONGEST) return undefined;
  if (text === '0') return PLAIN_EDIT;
  let edit = PLAIN_EDIT;
  for (const field of text.split(';')) {
    const change = readField(field.slice(0, 1), field.slice(1), edit);
    if (!change) return undefined;
    edit = { ...edit, ...change };
  }
  return edit;
}

function readField(key: string, value: string, edit: Edit): Partial<Edit> | undefined {
  switch (key) {
    case 'p':
      return value !== '' && value === cleanText(value) ? { prompt: value } : undefined;
    case 'm':
      return value === 'own' || value === 'replace' || value === 'refine' ? { method: value } : undefined;
    case 'c':
      return mapped(readPair(value), (crossSteps) => ({ crossSteps }));
    case 's':
      return mapped(readPair(value), (selfSteps) => ({ selfSteps }));
    case 'w': {
      const [word, weight] = value.split('*');
      const read = [whole(word), decimal(weight, -2, 4)] as const;
      if (read[0] === undefined || read[1] === undefined) return undefined;
      return { weights: [...edit.weights, { word: read[0], weight: read[1] }] };
    }
    case 'n':
      return value === '1' ? { renormalise: true } : undefined;
    case 'b':
      return mapped(whole(value), (blend) => ({ blend }));
    case 'r': {
      const [word, recipe, to] = value.split('*');
      const index = whole(word);
      if (index === undefined || (recipe !== 'A' && recipe !== 'B') || !to || to !== cleanText(to, 40)) {
        return undefined;
      }
      return { recolour: { word: index, recipe, to } };
    }
    case 't': {
      const [list = '', region = '', strength, steps = ''] = value.split('*');
      const words = list.split('+').map(whole);
      const force = decimal(strength, 0, 20);
      const window = readPair(steps);
      const known = words.filter((word) => word !== undefined);
      if (known.length !== words.length || !isRegion(region) || force === undefined || !window)
        return undefined;
      return { paint: { words: known, region, strength: force, steps: window } };
    }
    case 'i':
      return isRegion(value) ? { within: value } : undefined;
    default:
      return undefined;
  }
}

function isRegion(text: string): boolean {
  return text.length === (REGION_SIDE * REGION_SIDE) / 4 && /^[0-9a-f]+$/.test(text);
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

function decimal(text: string | undefined, low: number, high: number): number | undefined {
  const value = text !== undefined && /^-?\d{1,2}(\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
  return value >= low && value <= high ? value : undefined;
}

function readPair(text: string): StepWindow | undefined {
  const [from, to] = text.split('-').map((part) => decimal(part, 0, 1));
  return from !== undefined && to !== undefined && from <= to ? [from, to] : undefined;
}

function pair([from, to]: StepWindow): string {
  return `${round(from)}-${round(to)}`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function same(a: StepWindow, b: StepWindow): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function mapped<T, R>(value: T | undefined, then: (value: T) => R): R | undefined {
  return value === undefined ? undefined : then(value);
}
