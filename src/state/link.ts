import { VECTOR_KINDS } from '../protocol/concepts.ts';
import { ANSWER_VECTORS } from '../protocol/read-answer.ts';
import type { Region } from '../protocol/steer.ts';
import {
  type Address,
  ATTENTION_MODES,
  CONCEPT_PARTS,
  cleanTemplates,
  cleanText,
  FIRST_ADDRESS,
  HEAT_COLOURS,
  LABEL_KINDS,
  LANGUAGES,
  LIMITS,
  NEURON_PANELS,
  type Picture,
  RECIPES,
  VIEWS,
} from './address.ts';
import { ASK_LIMITS, ASK_METHODS, ASK_PARTS, CUTS } from './ask-address.ts';
import { cleanConcepts } from './concept-list.ts';
import { readEdit, writeEdit } from './edit-link.ts';
import { HEAT_SIDE } from './heat.ts';

/** A field of a link that could not be used; the rest of the link is. */
export interface LinkProblem {
  readonly field: string;
  readonly value: string;
  readonly reason: 'unreadable' | 'unknown-field' | 'repeated';
}

/** How one field stands in a link. `read` gives undefined for what it cannot accept. */
interface Codec<T> {
  read(text: string): T | undefined;
  write(value: T): string;
}

const whole = (range: readonly [number, number]): Codec<number> => ({
  read: (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return value >= range[0] && value <= range[1] ? value : undefined;
  },
  write: String,
});

const decimal = (range: readonly [number, number]): Codec<number> => ({
  read: (text) => {
    const value = /^\d{1,3}(\.\d{1,4})?$/.test(text) ? Number(text) : Number.NaN;
    return value >= range[0] && value <= range[1] ? value : undefined;
  },
  write: (value) => String(Math.round(value * 1e4) / 1e4),
});

const choice = <T extends string>(choices: readonly T[]): Codec<T> => ({
  read: (text) => choices.find((entry) => entry === text),
  write: (value) => value,
});

const either = <T, W extends string>(word: W, codec: Codec<T>): Codec<T | W> => ({
  read: (text) => (text === word ? word : codec.read(text)),
  write: (value) => (value === word ? word : codec.write(value as T)),
});

const name: Codec<string> = {
  read: (text) => (/^[\w.-]{0,100}$/.test(text) ? text : undefined),
  write: (value) => value,
};

/** Also `owner/model`, with a precision, and what else a model may be called here. */
const modelName: Codec<string> = {
  read: (text) => (/^(?!.*\.\.)\w[\w.@:/-]{0,180}$/.test(text) ? text : undefined),
  write: (value) => value,
};

const prose: Codec<string> = {
  // U+FFFD is what broken percent-encoding decodes to.
  read: (text) => (text === cleanText(text) && !text.includes('\uFFFD') ? text : undefined),
  write: (value) => value,
};

const line = (limit: number): Codec<string> => ({
  read: (text) => (text === cleanText(text, limit) ? prose.read(text) : undefined),
  write: prose.write,
});

const short = line(LIMITS.short);

const flag: Codec<boolean> = {
  read: (text) => (text === '1' ? true : text === '0' ? false : undefined),
  write: (value) => (value ? '1' : '0'),
};

const list = (accept: (items: readonly string[]) => boolean): Codec<readonly string[]> => ({
  read: (text) => {
    const items = text === '' ? [] : text.split(',');
    return accept(items) && !text.includes('\uFFFD') ? items : undefined;
  },
  write: (items) => items.join(','),
});

const concepts = list((items) => {
  return same(cleanConcepts(items), items);
});

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

const words = list(
  (items) =>
    items.length <= LIMITS.words &&
    new Set(items).size === items.length &&
    items.every((item) => item !== '' && item.length <= 44 && item === cleanText(item)),
);

/** Layer and head, counted from 0; empty for none. */
const HEAD = /^(\d{1,2}\.\d{1,2})?$/;
const headName: Codec<string> = {
  read: (text) => (HEAD.test(text) ? text : undefined),
  write: (value) => value,
};

const picture: Codec<Picture> = {
  read: (text) => {
    const [kind, value] = [text.slice(0, text.indexOf('.')), text.slice(text.indexOf('.') + 1)];
    if (kind === 'scene') {
      const seed = whole(LIMITS.seed).read(value);
      return seed === undefined ? undefined : { kind: 'scene', seed };
    }
    const fits = kind === 'upload' && value.length <= LIMITS.photograph && /^[\w-]+$/.test(value);
    return fits ? { kind: 'upload', data: value } : undefined;
  },
  write: (value) => (value.kind === 'scene' ? `scene.${value.seed}` : `upload.${value.data}`),
};

const units = list(
  (items) =>
    items.length <= LIMITS.off &&
    new Set(items).size === items.length &&
    items.every((item) => /^(0|[1-9]\d{0,4})$/.test(item)),
);

const region: Codec<Region> = {
  read: (text) => (/^[0-9a-f]{64}$/.test(text) ? text : undefined),
  write: (value) => value,
};

const numbers = (most: number, highest: number): Codec<readonly number[]> => ({
  read: (text) => {
    const items = text === '' ? [] : text.split(',').map((item) => whole([0, highest]).read(item));
    const known = items.filter((item) => item !== undefined);
    return known.length === items.length && items.length <= most ? known : undefined;
  },
  write: (items) => items.join(','),
});

type Codecs<T> = { readonly [K in keyof T]: Codec<T[K]> };

const FIELDS: { readonly [V in (typeof VIEWS)[number]]: Codecs<Address[V]> } = {
  attention: {
    model: modelName,
    prompt: prose,
    seed: whole(LIMITS.seed),
    steps: whole(LIMITS.steps),
    guidance: decimal(LIMITS.guidance),
    words,
    special: flag,
    layer: name,
    head: either('mean', whole([0, 63])),
    step: either('late', either('mean', whole([0, LIMITS.steps[1] - 1]))),
    place: either('none', whole([0, HEAT_SIDE ** 2 - 1])),
    opacity: whole([0, 100]),
    colours: choice(HEAT_COLOURS),
    mode: choice(ATTENTION_MODES),
    probes: words,
    recipe: choice(['daam', 'outputs']),
    edit: { read: readEdit, write: writeEdit },
    against: { read: readEdit, write: writeEdit },
    image: picture,
    noise: whole([1, 100]),
    by: choice(['noise', 'inversion']),
    otherPrompt: prose,
    otherSeed: whole(LIMITS.seed),
    otherModel: either('', modelName),
  },
  concepts: {
    part: choice(CONCEPT_PARTS),
    model: modelName,
    image: picture,
    prompt: prose,
    concepts,
    word: prose,
    layer: either('last', whole([0, 99])),
    vectors: choice(VECTOR_KINDS),
    templates: list((items) => same(cleanTemplates(items), items)),
    answerModel: modelName,
    answerVectors: choice(ANSWER_VECTORS),
    question: line(ASK_LIMITS.question),
    prefix: line(ASK_LIMITS.words),
    repaint: name,
    cell: headName,
    asked: either('none', whole([0, LIMITS.conceptCount - 1])),
    head: headName,
    without: list(
      (items) => items.length <= LIMITS.without && items.every((item) => item !== '' && HEAD.test(item)),
    ),
    pair: either('none', whole([0, 9999])),
    centred: flag,
  },
  ask: {
    part: choice(ASK_PARTS),
    model: modelName,
    image: picture,
    question: line(ASK_LIMITS.question),
    prefix: line(ASK_LIMITS.words),
    mode: choice(['greedy', 'sample']),
    temperature: decimal(ASK_LIMITS.temperature),
    topP: decimal(ASK_LIMITS.topP),
    seed: whole(LIMITS.seed),
    word: whole([0, 255]),
    method: choice(ASK_METHODS),
    level: choice(['token', 'pixel']),
    layer: either('mean', whole([0, 99])),
    head: either('mean', whole([0, 99])),
    patch: either('none', whole([0, 4095])),
    masked: numbers(ASK_LIMITS.masked, 4095),
    silenced: list(
      (items) =>
        items.length <= ASK_LIMITS.silenced && items.every((item) => /^\d{1,2}\.\d{1,2}$/.test(item)),
    ),
    cut: choice(CUTS),
    thing: whole([1, 255]),
    color: name,
    other: line(ASK_LIMITS.words),
  },
  neurons: {
    model: modelName,
    site: name,
    scenes: whole(LIMITS.scenes),
    seed: whole(LIMITS.seed),
    run: flag,
    unit: either('none', whole([0, 99_999])),
    recipe: choice(RECIPES),
    noise: decimal(LIMITS.noise),
    data: short,
    panel: choice(NEURON_PANELS),
    find: short,
    category: choice(['all', ...LABEL_KINDS] as const),
    only: flag,
    sort: name,
    survey: flag,
    image: picture,
    place: either('none', whole([0, 999_999])),
    against: choice(['shuffled', 'layer'] as const),
    otherModel: either('', modelName),
    otherSite: name,
    concept: short,
    off: units,
    trial: flag,
    drawn: prose,
    drawnSeed: whole(LIMITS.seed),
    region,
    strength: decimal(LIMITS.strength),
    paint: flag,
    words: line(LIMITS.unitWords),
    wordList: short,
    judge: either('', modelName),
    naming: flag,
  },
  models: { open: prose },
};

/** Fields that say nothing outside of one mode of the attention view; links of the other modes leave them out. */
const OF_MODE: Partial<Record<keyof Address['attention'], Address['attention']['mode']>> = {
  edit: 'steer',
  against: 'steer',
  image: 'picture',
  noise: 'picture',
  by: 'picture',
  otherPrompt: 'compare',
  otherSeed: 'compare',
  otherModel: 'compare',
};

/** Fields of the concepts view that belong to what the model says, and those that belong to the other parts. */
const OF_ANSWER = ['answerModel', 'answerVectors', 'cell', 'question', 'prefix', 'repaint'] as const;
const OF_OTHER_PARTS = [
  'prompt',
  'word',
  'layer',
  'vectors',
  'templates',
  'head',
  'without',
  'pair',
  'centred',
] as const;

/** Fields of the neurons view that belong to the brush, and those of the watched picture, which it does not look at. */
const OF_PAINT = ['drawn', 'drawnSeed', 'region', 'strength', 'paint'] as const;
const OF_PICTURE = ['image', 'place'] as const;

/**
 * The fragment of a link, without its `#`: the view shown and every field of it. The other views are left out, which
 * keeps the link short; they keep their state in the sender's page only.
 */
export function writeLink(address: Address): string {
  const parameters = new URLSearchParams({ view: address.view });
  if (address.language !== undefined) parameters.set('language', address.language);
  const write = <T extends object>(codecs: Codecs<T>, values: T): void => {
    for (const key of Object.keys(codecs) as (keyof T & string)[]) {
      parameters.set(key, codecs[key].write(values[key]));
    }
  };
  if (address.view === 'attention') {
    const { mode, probes, place, recipe, against, otherModel } = address.attention;
    write(FIELDS.attention, address.attention);
    for (const [field, only] of Object.entries(OF_MODE)) if (only !== mode) parameters.delete(field);
    if (mode === FIRST_ADDRESS.attention.mode) parameters.delete('mode');
    if (probes.length === 0) parameters.delete('probes');
    if (place === 'none') parameters.delete('place');
    if (otherModel === '') parameters.delete('otherModel');
    if (writeEdit(against) === '0') parameters.delete('against');
    if (recipe === 'daam') parameters.delete('recipe');
  }
  if (address.view === 'concepts') {
    write(FIELDS.concepts, address.concepts);
    const others = address.concepts.part === 'answer' ? OF_OTHER_PARTS : OF_ANSWER;
    for (const field of others) parameters.delete(field);
    if (same(address.concepts.templates, FIRST_ADDRESS.concepts.templates)) parameters.delete('templates');
  }
  if (address.view === 'neurons') {
    write(FIELDS.neurons, address.neurons);
    const others = address.neurons.panel === 'paint' ? OF_PICTURE : OF_PAINT;
    for (const field of others) parameters.delete(field);
  }
  if (address.view === 'ask') write(FIELDS.ask, address.ask);
  if (address.view === 'models') write(FIELDS.models, address.models);
  return parameters.toString();
}

/**
 * Reads a fragment over `base`. Nothing throws: a field that is missing keeps the first visit's value, one that cannot be
 * read does so too and is reported.
 */
export function readLink(
  fragment: string,
  base: Address = FIRST_ADDRESS,
): { readonly address: Address; readonly problems: readonly LinkProblem[] } {
  const problems: LinkProblem[] = [];
  const given = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(fragment.replace(/^#/, ''))) {
    if (given.has(key)) problems.push({ field: key, value, reason: 'repeated' });
    else given.set(key, value);
  }
  const take = <T>(field: string, codec: Codec<T>, fallback: T): T => {
    const text = given.get(field);
    given.delete(field);
    if (text === undefined) return fallback;
    const value = codec.read(text);
    if (value === undefined) problems.push({ field, value: text, reason: 'unreadable' });
    return value ?? fallback;
  };
  const section = <T extends object>(codecs: Codecs<T>, first: T): T => {
    const values: Partial<T> = {};
    for (const key of Object.keys(codecs) as (keyof T & string)[]) {
      values[key] = take(key, codecs[key], first[key]);
    }
    return values as T;
  };
  const view = take('view', choice(VIEWS), FIRST_ADDRESS.view);
  // A link without a language leaves the reader's choice alone.
  const language = take<Address['language']>('language', choice(LANGUAGES), base.language);
  let address: Address = { ...base, view, language };
  if (view === 'attention')
    address = { ...address, attention: section(FIELDS.attention, FIRST_ADDRESS.attention) };
  else if (view === 'concepts')
    address = { ...address, concepts: section(FIELDS.concepts, FIRST_ADDRESS.concepts) };
  else if (view === 'neurons')
    address = { ...address, neurons: section(FIELDS.neurons, FIRST_ADDRESS.neurons) };
  else if (view === 'ask') address = { ...address, ask: section(FIELDS.ask, FIRST_ADDRESS.ask) };
  else address = { ...address, models: section(FIELDS.models, FIRST_ADDRESS.models) };
  for (const [field, value] of given) problems.push({ field, value, reason: 'unknown-field' });
  return { address, problems };
}
