import type { VectorKind } from '../protocol/concepts.ts';
import type { Recipe } from '../protocol/dissection.ts';
import type { AnswerVectors } from '../protocol/read-answer.ts';
import type { Region } from '../protocol/steer.ts';
import { type Edit, PLAIN_EDIT } from '../protocol/steer.ts';
import { isTemplate, TEMPLATES } from '../protocol/templates.ts';
import { type AskAddress, FIRST_ASK } from './ask-address.ts';
import type { Picture } from './picture.ts';

export type { Picture } from './picture.ts';

/** What the address bar holds: everything that a copied link must reproduce, as plain data. */
export const VIEWS = ['attention', 'concepts', 'neurons', 'ask', 'models'] as const;
export type View = (typeof VIEWS)[number];

export const LANGUAGES = ['en', 'zh-Hant'] as const;
export type Language = (typeof LANGUAGES)[number];

export const HEAT_COLOURS = ['inferno', 'magma', 'viridis', 'cividis'] as const;
export type HeatColours = (typeof HEAT_COLOURS)[number];

/** What is done with the model's attention: looked at, changed, read on a picture of one's own, or compared. */
export const ATTENTION_MODES = ['look', 'steer', 'picture', 'compare'] as const;
export type AttentionMode = (typeof ATTENTION_MODES)[number];

export interface AttentionAddress {
  readonly mode: AttentionMode;
  readonly model: string;
  readonly prompt: string;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
  /** Keys of the words laid over the picture, see `words.ts`. */
  readonly words: readonly string[];
  /** Start, end and padding tokens stand beside the words. */
  readonly special: boolean;
  /** Site name, or the mean over all layers. */
  readonly layer: string;
  readonly head: number | 'mean';
  /** Counted from 0; `late` is the mean of the later half. */
  readonly step: number | 'mean' | 'late';
  /** Clicked cell of the heat's grid, counted along the rows, whose self-attention is shown. */
  readonly place: number | 'none';
  /** 0 to 100 percent. */
  readonly opacity: number;
  readonly colours: HeatColours;
  /** Words that the prompt does not have, whose maps are asked for. */
  readonly probes: readonly string[];
  /** `daam`, or what the attention outputs say. */
  readonly recipe: 'daam' | 'outputs';
  /** The second picture of `steer`; its empty prompt is the first one's. */
  readonly edit: Edit;
  /** The edit that stands on the left of `steer`; the plain one is the picture as prompted. */
  readonly against: Edit;
  /** The picture of `picture`, how far it is noised (percent of the way to noise), and how. */
  readonly image: Picture;
  readonly noise: number;
  readonly by: 'noise' | 'inversion';
  /** The other picture of `compare`. */
  readonly otherPrompt: string;
  readonly otherSeed: number;
  /** Empty for the same model. */
  readonly otherModel: string;
}

/** What the concepts view shows: one question each. */
export const CONCEPT_PARTS = ['sees', 'answer', 'heads', 'retrieval', 'check'] as const;
export type ConceptPart = (typeof CONCEPT_PARTS)[number];

export interface ConceptsAddress {
  readonly part: ConceptPart;
  readonly model: string;
  readonly image: Picture;
  readonly prompt: string;
  readonly concepts: readonly string[];
  /** Key of the word whose relevance is laid over the picture; empty for none. */
  readonly word: string;
  /** Block whose similarities are shown, counted from 0. */
  readonly layer: number | 'last';
  readonly vectors: VectorKind;
  /** Sentences that a concept is put into. */
  readonly templates: readonly string[];
  /** The model that answers, which is no part of the ask view's choice. */
  readonly answerModel: string;
  /** What the states of an answer are compared with, and the cell that is looked at, as `layer.column`. */
  readonly answerVectors: AnswerVectors;
  /** What is asked, words that the answer must begin with, and the colour of the thing asked about in the picture beside; may be empty. */
  readonly question: string;
  readonly prefix: string;
  readonly repaint: string;
  readonly cell: string;
  /** Place in `concepts` of the one that the referee is asked about. */
  readonly asked: number | 'none';
  /** Head whose words are shown, and heads left out of zero-shot, as `layer.head`. */
  readonly head: string;
  readonly without: readonly string[];
  /** Pair of the shelf that is looked at. */
  readonly pair: number | 'none';
  /** Each modality's mean is taken away before they are compared. */
  readonly centred: boolean;
}

/** What the middle of the neurons view shows. */
export const NEURON_PANELS = ['units', 'words', 'layers', 'picture', 'compare', 'referee', 'paint'] as const;
export type NeuronPanel = (typeof NEURON_PANELS)[number];

export const RECIPES = ['netdissect', 'dissect', 'per-image'] as const satisfies readonly Recipe[];

export const LABEL_KINDS = ['scene', 'object', 'part', 'material', 'texture', 'color'] as const;

export interface NeuronsAddress {
  readonly model: string;
  /** Site name; empty until a model's sites are known. */
  readonly site: string;
  readonly scenes: number;
  readonly seed: number;
  /** Dissect on opening: set once the visitor has pressed the button. */
  readonly run: boolean;
  readonly unit: number | 'none';
  readonly recipe: Recipe;
  /** Noise of a diffusion model's input, 0 clean to 1 pure noise. */
  readonly noise: number;
  /** Name of the visitor's data set; empty for the drawn world. A link holds the name only, the files stay with the visitor. */
  readonly data: string;
  readonly panel: NeuronPanel;
  /** What the table is searched for, the one category it shows, detectors only, and its order. */
  readonly find: string;
  readonly category: 'all' | (typeof LABEL_KINDS)[number];
  readonly only: boolean;
  readonly sort: string;
  /** Count the detectors of every layer on opening: set once the visitor has pressed the button. */
  readonly survey: boolean;
  /** The picture on which units are watched. */
  readonly image: Picture;
  /** Its chosen place, counted along the rows of the layer's grid. */
  readonly place: number | 'none';
  /** What the layer is set against: itself with shuffled weights, or another layer, of another model too. */
  readonly against: 'shuffled' | 'layer';
  /** Empty for the model itself. */
  readonly otherModel: string;
  readonly otherSite: string;
  /** The concept put before the referee, as `object.tree`; empty for the best one. */
  readonly concept: string;
  /** Units to switch off, as texts; none for the concept's best ones. */
  readonly off: readonly string[];
  /** Call the referee on opening. */
  readonly trial: boolean;
  /** What is drawn while the units are painted into it, from which noise, in which part, how hard; whether it was asked for. */
  readonly drawn: string;
  readonly drawnSeed: number;
  readonly region: Region;
  readonly strength: number;
  readonly paint: boolean;
  /** Words that units are named with, between commas, or the name of a longer list; none for the world's labels. */
  readonly words: string;
  readonly wordList: string;
  /** The model that matches pictures with words; empty for the usual one. */
  readonly judge: string;
  /** Name the units on opening. */
  readonly naming: boolean;
}

export interface ModelsAddress {
  /** What stands in the field: a hub's model or a URL. A link only fills it in; asking is the visitor's own act. */
  readonly open: string;
}

export interface Address {
  readonly view: View;
  /** Absent until the visitor chooses one. */
  readonly language: Language | undefined;
  readonly attention: AttentionAddress;
  readonly concepts: ConceptsAddress;
  readonly neurons: NeuronsAddress;
  readonly ask: AskAddress;
  readonly models: ModelsAddress;
}

export const LIMITS = {
  /** Characters; keeps every link under 8,000 whatever the script. */
  prompt: 220,
  /** Characters of all concepts together, as they stand in a link; how many, and characters of each. */
  concepts: 1100,
  conceptCount: 150,
  concept: 120,
  /** Characters of all templates together, as they stand in a link, and how many. */
  templates: 240,
  templateCount: 6,
  words: 12,
  steps: [1, 50],
  guidance: [1, 20],
  seed: [0, 0xffffffff],
  scenes: [16, 100_000],
  noise: [0, 1],
  /** Multiples of what is high for a unit. */
  strength: [0.5, 20],
  /** Characters of a name or a search. */
  short: 60,
  /** Characters of the words that units are named with, of each, and how many a list may hold. */
  unitWords: 300,
  wordLength: 60,
  wordCount: 20_000,
  /** Units switched off at once. */
  off: 64,
  /** Characters of an uploaded picture in base64url. */
  upload: 3900,
  /** The same of a picture for a model of the visitor's own in the neurons view, whose links hold little else. */
  photograph: 6500,
  /** Heads left out at a time. */
  without: 40,
} as const;

export const FIRST_ADDRESS: Address = {
  view: 'attention',
  language: undefined,
  attention: {
    model: 'scene-diffusion',
    prompt: 'a red car on a green lawn',
    seed: 7,
    steps: 20,
    guidance: 4,
    words: ['car'],
    special: false,
    layer: 'mean',
    head: 'mean',
    step: 'mean',
    place: 'none',
    opacity: 70,
    colours: 'inferno',
    mode: 'look',
    probes: [],
    recipe: 'daam',
    edit: PLAIN_EDIT,
    against: PLAIN_EDIT,
    image: { kind: 'scene', seed: 8 },
    noise: 50,
    by: 'noise',
    otherPrompt: 'a blue car on a green lawn',
    otherSeed: 7,
    otherModel: '',
  },
  concepts: {
    part: 'sees',
    model: 'scene-clip-vit',
    image: { kind: 'scene', seed: 8 },
    prompt: 'a blue bird on the beach',
    concepts: ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown', 'black', 'white'],
    word: 'bird',
    layer: 'last',
    vectors: 'text',
    templates: TEMPLATES,
    answerModel: FIRST_ASK.model,
    answerVectors: 'means',
    question: 'What color is the car?',
    prefix: 'The color is',
    repaint: 'blue',
    cell: '',
    asked: 'none',
    head: '',
    without: [],
    pair: 'none',
    centred: false,
  },
  neurons: {
    model: 'scene-clip-vit',
    site: '',
    scenes: 200,
    seed: 1,
    run: false,
    unit: 'none',
    recipe: 'netdissect',
    noise: 0.4,
    data: '',
    panel: 'units',
    find: '',
    category: 'all',
    only: false,
    sort: 'iou.descending',
    survey: false,
    image: { kind: 'scene', seed: 8 },
    place: 'none',
    against: 'shuffled',
    otherModel: '',
    otherSite: '',
    concept: '',
    off: [],
    trial: false,
    drawn: 'a red car on a green lawn',
    drawnSeed: 7,
    // A patch right of the middle.
    region: `${'0'.repeat(20)}${'007c'.repeat(9)}${'0'.repeat(8)}`,
    strength: 6,
    paint: false,
    words: '',
    wordList: '',
    judge: '',
    naming: false,
  },
  ask: FIRST_ASK,
  models: { open: '' },
};

/** One line, no control characters, no broken surrogates, at most `limit` characters: what may stand in a link. */
export function cleanText(text: string, limit: number = LIMITS.prompt): string {
  // Broken surrogate pairs cannot be percent-encoded, so they would change on their way through a link.
  const whole = text.replace(/\p{Cc}|\p{Zl}|\p{Zp}/gu, ' ').replace(/\p{Cs}/gu, '');
  const short = whole.replace(/\s+/g, ' ').trim().slice(0, limit);
  return short.replace(/[\uD800-\uDBFF]$/, '').trimEnd();
}

/** The sentences as they may stand in a link; the usual ones where none is left. */
export function cleanTemplates(templates: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let room: number = LIMITS.templates;
  for (const template of templates) {
    const text = cleanText(template.replaceAll(',', ' '), 60);
    if (!isTemplate(text) || kept.includes(text) || kept.length >= LIMITS.templateCount) continue;
    const length = encodeURIComponent(text).length + 3;
    if (length > room) continue;
    room -= length;
    kept.push(text);
  }
  return kept.length > 0 ? kept : TEMPLATES;
}
