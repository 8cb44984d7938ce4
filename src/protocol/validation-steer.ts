import { type Edit, REGION_SIDE, type Region, type StepWindow } from './steer.ts';
import { bad, type Fields, fields, integer, number, oneOf, prompt, text } from './validation-fields.ts';

/** An {@link Edit}, its fields checked one by one; words are only checked against a prompt by the job. */
export function edit(from: Fields): Edit {
  return {
    prompt: prompt(from),
    method: oneOf(from, 'method', ['own', 'replace', 'refine']),
    crossSteps: stepWindow(from.crossSteps, 'crossSteps'),
    selfSteps: stepWindow(from.selfSteps, 'selfSteps'),
    weights: list(from.weights, 'weights').map((item) => ({
      word: word(item),
      weight: number(item, 'weight', -2, 4),
    })),
    renormalise: flag(from, 'renormalise'),
    blend: from.blend === null ? null : integer(from, 'blend', 0, MOST_WORDS),
    recolour: optional(from, 'recolour', (item) => ({
      word: word(item),
      to: text(item, 'to', 60),
      recipe: oneOf(item, 'recipe', ['A', 'B']),
    })),
    paint: optional(from, 'paint', (item) => ({
      words: words(item.words),
      region: region(item.region, 'region'),
      strength: number(item, 'strength', 0, 20),
      steps: stepWindow(item.steps, 'steps'),
    })),
    within: from.within === null ? null : region(from.within, 'within'),
  };
}

const MOST_WORDS = 4095;

function word(from: Fields): number {
  return integer(from, 'word', 0, MOST_WORDS);
}

function words(value: unknown): readonly number[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 32)
    throw bad('words', '1 to 32 words', value);
  return value.map((item: unknown) => word({ word: item }));
}

function list(value: unknown, name: string): readonly Fields[] {
  if (!Array.isArray(value) || value.length > 64) throw bad(name, 'a list of at most 64', value);
  return value.map((item: unknown) => fields(item, name));
}

function optional<T>(from: Fields, name: string, read: (item: Fields) => T): T | null {
  return from[name] === null ? null : read(fields(from[name], name));
}

function flag(from: Fields, name: string): boolean {
  const value = from[name];
  if (typeof value !== 'boolean') throw bad(name, 'true or false', value);
  return value;
}

export function stepWindow(value: unknown, name: string): StepWindow {
  const [from, to] = Array.isArray(value) && value.length === 2 ? (value as readonly unknown[]) : [];
  const low = number({ [name]: from }, name, 0, 1);
  return [low, number({ [name]: to }, name, low, 1)];
}

export function region(value: unknown, name: string): Region {
  const digits = (REGION_SIDE * REGION_SIDE) / 4;
  if (typeof value !== 'string' || value.length !== digits || !/^[0-9a-f]+$/.test(value)) {
    throw bad(name, `${digits} hexadecimal digits`, value);
  }
  return value;
}
