import { type Colour, type Kind, PATTERNED, type Pattern } from './catalogue.ts';
import {
  BUILD_ADJECTIVES,
  COUNT_WORDS,
  PATTERN_PHRASES,
  PLURALS,
  STATE_ADJECTIVES,
  STATE_VERBS,
  withArticle,
} from './grammar.ts';
import type { Scene, Thing } from './graph.ts';
import type { Random } from './random.ts';
import { statureOf } from './relations.ts';

/** Words about some things, and the facts that they claim. */
export interface Phrase {
  readonly text: string;
  readonly claims: readonly string[];
  readonly things: readonly Thing[];
}

/** What a phrase says of its things beside their kind and number. */
export interface Detail {
  readonly color: boolean;
  readonly pattern: 'before' | 'after' | undefined;
  readonly build: boolean;
  readonly state: 'before' | 'after' | undefined;
  readonly stature: boolean;
  readonly trousers: boolean;
}

export const BARE: Detail = {
  color: true,
  pattern: undefined,
  build: false,
  state: undefined,
  stature: false,
  trousers: false,
};

/** Things of one kind that one phrase can name: alike in colour, or all of the kind. */
export function classesOf(things: readonly Thing[], byColour: boolean): Thing[][] {
  const classes = new Map<string, Thing[]>();
  for (const thing of things) {
    const key = byColour ? `${thing.kind} ${thing.color}` : thing.kind;
    classes.set(key, [...(classes.get(key) ?? []), thing]);
  }
  return [...classes.values()];
}

/** "a falling striped red ball", "two people in red shirts". What the things do not share is left out. */
export function phraseOf(scene: Scene, things: readonly Thing[], detail: Detail, random?: Random): Phrase {
  const first = things[0]!;
  const { kind } = first;
  const shared = <T>(value: (thing: Thing) => T): T | undefined =>
    things.every((thing) => value(thing) === value(first)) ? value(first) : undefined;
  // Without their colour, "two dogs" have to be all the dogs there are.
  const all = scene.things.filter((thing) => thing.kind === kind).length === things.length;
  const color = detail.color || (things.length > 1 && !all) ? shared((thing) => thing.color) : undefined;
  const pattern = detail.pattern && PATTERNED.has(kind) ? shared((thing) => thing.pattern) : undefined;
  const build = detail.build ? shared((thing) => thing.material) : undefined;
  const told = build === 'plain' ? undefined : build;
  const state = detail.state ? shared((thing) => thing.state) : undefined;
  const stature = detail.stature && things.length === 1 ? statureOf(scene, first) : undefined;
  const second = detail.trousers ? shared((thing) => thing.secondColor) : undefined;
  const claims = [
    kind,
    ...(color ? [color, `${color} ${kind}`] : []),
    ...(pattern ? [`${pattern} ${kind}`] : []),
    ...(told ? [`made of ${told} ${kind}`] : []),
    ...(state ? [`${state} ${kind}`] : []),
    ...(stature ? [`${stature} ${kind}`] : []),
    ...(second ? [`${second} trousers`] : []),
    ...(things.length > 1 ? [color ? `${things.length} ${color} ${kind}` : `${things.length} ${kind}`] : []),
  ];
  const before = [stature, detail.state === 'before' && state ? STATE_ADJECTIVES[state] : undefined];
  const noun = named(kind, things.length, color, pattern, detail.pattern === 'after', told, second, before);
  const verbs = state && detail.state === 'after' ? STATE_VERBS[state] : [];
  const usable = verbs.filter((verb) => verb !== 'hovering' || things.every(({ airborne }) => airborne));
  const verb = usable.length === 0 ? '' : ` ${random ? random.pick(usable) : usable[0]!}`;
  return { text: `${noun}${verb}`, claims, things };
}

function named(
  kind: Kind,
  count: number,
  color: Colour | undefined,
  pattern: Pattern | undefined,
  after: boolean,
  build: keyof typeof BUILD_ADJECTIVES | undefined,
  second: Colour | undefined,
  before: readonly (string | undefined)[],
): string {
  const numbered = (words: readonly (string | undefined)[]): string => {
    const text = words.filter((word) => word !== undefined).join(' ');
    return count === 1 ? withArticle(text) : `${COUNT_WORDS[count - 1]!} ${text}`;
  };
  const noun = count === 1 ? kind : PLURALS[kind];
  const early = after ? undefined : pattern;
  const late = after && pattern ? ` ${PATTERN_PHRASES[pattern]}` : '';
  const material = build && BUILD_ADJECTIVES[build];
  if (kind !== 'person') return `${numbered([...before, early, color, material, noun])}${late}`;
  const shirt = [early, color, count === 1 ? 'shirt' : 'shirts']
    .filter((word) => word !== undefined)
    .join(' ');
  const worn = pattern || color ? ` in ${count === 1 ? withArticle(shirt) : shirt}${late}` : '';
  return `${numbered([...before, noun])}${worn}${second ? `${worn ? ' and' : ' in'} ${second} trousers` : ''}`;
}
