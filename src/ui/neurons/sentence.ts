import type { LanguageTag } from '../../text/languages.ts';
import type { Texts } from '../../text/texts.ts';

interface Named {
  readonly concept: string;
  readonly category: string;
}

const times = new Set(['day', 'night', 'sunset', 'dusk', 'dawn']);

/**
 * The evidence as one sentence: "Fires on wheels, mostly of buses, rarely at night; also on bumpers; less often with grass." Empty
 * for a unit with nothing to be said of.
 */
export function wordSentence(
  sentence: {
    readonly heads: readonly Named[];
    readonly less: readonly Named[];
    readonly mostly: readonly Named[];
    readonly rarely: readonly Named[];
  },
  texts: Texts,
  language: LanguageTag,
): string {
  const [lead, ...others] = sentence.heads;
  if (!lead) return '';
  const { neurons } = texts;
  const list = (items: readonly string[], type: 'conjunction' | 'disjunction') =>
    new Intl.ListFormat(language, { type }).format(items);
  const conditions = (parts: readonly Named[], type: 'conjunction' | 'disjunction') =>
    list(
      parts.map((part) => condition(part, texts, language)),
      type,
    );
  const { mostly, less } = sentence;
  // Said once is enough.
  const rarely = sentence.rarely.filter(
    ({ concept, category }) => !less.some((part) => part.concept === concept && part.category === category),
  );
  const things = others.map((other) => thing(other, texts, language));
  const hindrances = less.map((part) => hindrance(part, texts, language));
  return neurons.sentence({
    thing: thing(lead, texts, language),
    mostly:
      mostly.length > 0 ? neurons.sentenceMostly({ conditions: conditions(mostly, 'conjunction') }) : '',
    rarely:
      rarely.length > 0 ? neurons.sentenceRarely({ conditions: conditions(rarely, 'disjunction') }) : '',
    also: things.length > 0 ? neurons.sentenceAlso({ things: list(things, 'conjunction') }) : '',
    less: hindrances.length > 0 ? neurons.sentenceLess({ conditions: list(hindrances, 'disjunction') }) : '',
  });
}

/** A time or place, or something that is in the picture. */
function hindrance(part: Named, texts: Texts, language: LanguageTag): string {
  return part.category === 'scene'
    ? condition(part, texts, language)
    : texts.neurons.with_thing({ thing: thing(part, texts, language) });
}

function thing({ concept, category }: Named, { neurons }: Texts, language: LanguageTag): string {
  switch (category) {
    case 'color':
      return neurons.thing_color({ concept });
    case 'texture':
      return neurons.thing_texture({ concept });
    case 'scene':
      return neurons.thing_scene({ concept });
    case 'object':
    case 'part':
      return many(concept, language);
    default:
      return concept;
  }
}

function condition({ concept, category }: Named, { neurons }: Texts, language: LanguageTag): string {
  switch (category) {
    case 'object':
      return neurons.on_object({ concept: many(concept, language) });
    case 'part':
      return neurons.on_part({ concept: many(concept, language) });
    case 'material':
      return neurons.on_material({ concept });
    case 'texture':
      return neurons.on_texture({ concept });
    case 'color':
      return neurons.on_color({ concept });
    default:
      return times.has(concept) ? neurons.on_time({ concept }) : neurons.on_scene({ concept });
  }
}

/** What there is only one of, or no count of. */
const uncounted = new Set([
  'foliage',
  'grass',
  'ground',
  'hair',
  'moon',
  'sand',
  'sky',
  'snow',
  'sun',
  'trousers',
  'water',
  'rain',
  'fog',
]);
const irregular: Readonly<Record<string, string>> = {
  person: 'people',
  leaf: 'leaves',
  man: 'men',
  woman: 'women',
  sheep: 'sheep',
  fish: 'fish',
};

/** The English plural of a label; labels stand as they are in other languages. */
function many(concept: string, language: LanguageTag): string {
  if (language !== 'en') return concept;
  const words = concept.split(' ');
  const last = words.at(-1)!;
  if (uncounted.has(last)) return concept;
  const plural =
    irregular[last] ??
    (/(s|x|ch|sh)$/.test(last)
      ? `${last}es`
      : /[^aeiou]y$/.test(last)
        ? `${last.slice(0, -1)}ies`
        : `${last}s`);
  return [...words.slice(0, -1), plural].join(' ');
}
