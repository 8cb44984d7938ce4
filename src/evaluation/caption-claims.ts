/** Reads the words of a caption back into the facts that it claims: the world's own grammar, backwards. */

import { BUILDS, COLOUR_NAMES, type Kind, OBJECTS, PATTERNS, STATES } from '../world/catalogue.ts';
import {
  BUILD_ADJECTIVES,
  COUNT_WORDS,
  PATTERN_PHRASES,
  PLURALS,
  RELATION_PHRASES,
  STATE_ADJECTIVES,
  STATE_VERBS,
  STATURES,
} from '../world/grammar.ts';
import { RELATIONS } from '../world/relations.ts';
import { PHRASES, startsWith } from './caption-phrases.ts';

/** What stands for a thing among the words that remain. */
const THING = '@';

/** Claims as in `factsOf`, each once. A word that the grammar has no use for becomes "?word", which is true of no scene. */
export function claimsOf(caption: string): string[] {
  const words = caption.split(/\s+/).filter((word) => word !== '');
  const claims: string[] = [];
  const kinds: Kind[] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; ) {
    const phrase = PHRASES.find((candidate) => startsWith(words, at, candidate.words));
    if (phrase) {
      claims.push(...phrase.claims);
      at += phrase.words.length;
      continue;
    }
    const thing = readThing(words, at);
    if (thing) {
      claims.push(...thing.claims);
      kinds.push(thing.kind);
      rest.push(THING);
      at = thing.end;
    } else rest.push(words[at++]!);
  }
  return [...new Set([...claims, ...readRelations(rest, kinds)])];
}

interface ReadThing {
  readonly kind: Kind;
  readonly claims: readonly string[];
  readonly end: number;
}

/** A noun with what is said of it, from `at` on; undefined where no noun comes. */
function readThing(words: readonly string[], start: number): ReadThing | undefined {
  let at = start;
  const take = <T>(options: readonly T[], text: (option: T) => string): T | undefined => {
    const found = [...options]
      .sort((a, b) => text(b).length - text(a).length)
      .find((option) => startsWith(words, at, text(option).split(' ')));
    if (found !== undefined) at += text(found).split(' ').length;
    return found;
  };
  const word = <T extends string>(options: readonly T[]) => take(options, (option) => option);
  const article = () => word(['a', 'an']);
  const count = article() ? 1 : COUNT_WORDS.indexOf(word(COUNT_WORDS) ?? 'one') + 1;
  const stature = word(STATURES);
  const stateBefore = take(STATES, (state) => STATE_ADJECTIVES[state]);
  let pattern = word(PATTERNS);
  let color = word(COLOUR_NAMES);
  const build = take(BUILDS, (name) => BUILD_ADJECTIVES[name]);
  const kind = take(OBJECTS, (name) => (count > 1 ? PLURALS[name] : name));
  if (!kind) return undefined;
  let second: string | undefined;
  const late = () => take(PATTERNS, (name) => PATTERN_PHRASES[name]);
  if (kind === 'person') {
    let before = at;
    if (word(['in'])) {
      article();
      pattern = word(PATTERNS);
      color = word(COLOUR_NAMES);
      if (word(['shirt', 'shirts'])) pattern ??= late();
      else {
        at = before;
        pattern = undefined;
        color = undefined;
      }
    }
    before = at;
    second = word(['and', 'in']) && word(COLOUR_NAMES);
    if (!second || !word(['trousers'])) {
      at = before;
      second = undefined;
    }
  } else pattern ??= late();
  const verbs = STATES.flatMap((state) => STATE_VERBS[state].map((text) => ({ state, text })));
  const state = stateBefore ?? take(verbs, ({ text }) => text)?.state;
  const claims = [
    kind,
    ...(color ? [color, `${color} ${kind}`] : []),
    ...(pattern ? [`${pattern} ${kind}`] : []),
    ...(build ? [`made of ${build} ${kind}`] : []),
    ...(state ? [`${state} ${kind}`] : []),
    ...(stature ? [`${stature} ${kind}`] : []),
    ...(second ? [`${second} trousers`] : []),
    ...(count > 1 ? [color ? `${count} ${color} ${kind}` : `${count} ${kind}`] : []),
  ];
  return { kind, claims, end: at };
}

const TEMPLATES = RELATIONS.flatMap((relation) =>
  RELATION_PHRASES[relation].map((template) => ({
    relation,
    // In "left of {y} is {x}" the second thing is the one that lies left.
    inverted: template.indexOf('{y}') < template.indexOf('{x}'),
    words: template.replace(/\{\w\}/g, THING).split(' '),
  })),
).sort((a, b) => b.words.length - a.words.length);

function readRelations(rest: readonly string[], kinds: readonly Kind[]): string[] {
  const claims: string[] = [];
  const used = new Set<number>();
  rest.forEach((_, at) => {
    const found = TEMPLATES.find(({ words }) => startsWith(rest, at, words));
    if (!found) return;
    const first = rest.slice(0, at).filter((word) => word === THING).length;
    const [x, y] = found.inverted ? [first + 1, first] : [first, first + 1];
    claims.push(`${kinds[x]} ${found.relation} ${kinds[y]}`);
    found.words.forEach((word, i) => {
      if (word !== THING) used.add(at + i);
    });
  });
  rest.forEach((word, at) => {
    if (word === THING || used.has(at) || (word === 'and' && at > 0 && at < rest.length - 1)) return;
    const isColour = COLOUR_NAMES.some((name) => name === word);
    // A caption of a colour alone.
    claims.push(isColour && rest.length === 1 ? word : `?${word}`);
  });
  return claims;
}
