import {
  COLOUR_NAMES,
  type Kind,
  OBJECTS,
  PATTERNED,
  type Pattern,
  SKY_OBJECTS,
  type State,
  type Time,
  type Weather,
} from './catalogue.ts';
import {
  ANSWERS,
  COUNT_WORDS,
  describe,
  fill,
  NO,
  PLURALS,
  QUESTIONS,
  type QuestionType,
  withArticle,
  YES,
  ZERO,
} from './grammar.ts';
import type { Scene, Thing } from './graph.ts';
import type { Random } from './random.ts';
import { holds, isVisible, type Relation } from './relations.ts';

export interface Question {
  readonly type: QuestionType;
  readonly question: string;
  /** One word of a closed list: a colour, a kind, a number, yes or no... */
  readonly answer: string;
  /** The answer in words of its own: "the color is yellow". */
  readonly sentence: string;
  /** Ids of the things that the answer is about; empty where it is about the scene or about nothing. */
  readonly subjects: readonly number[];
  /** Ids of the things that the question names. */
  readonly references: readonly number[];
}

/** Chances to ask, so that over many scenes the answers of a type come out about even. */
const TIME_CHANCE: Readonly<Record<Time, number>> = { day: 0.33, night: 1, sunset: 1 };
const WEATHER_CHANCE: Readonly<Record<Weather, number>> = { clear: 0.21, rain: 1, snow: 1 };
const STATE_CHANCE: Readonly<Record<State, number>> = { resting: 0.4, falling: 1, floating: 0.6 };
const PATTERN_CHANCE: Readonly<Record<Pattern, number>> = { plain: 0.36, striped: 1, dotted: 1, checked: 1 };
/** Of "how many dogs", by the number. */
const COUNT_CHANCE = [0.085, 0.062, 0.62, 0.95, 1] as const;
/** Of "is the ball falling" where it is not. */
const DENIED_CHANCE = 0.47;
/** Of "how many objects", by the number; one and two are everywhere. */
const OBJECT_CHANCE = [0, 0.035, 0.05, 0.08, 0.3] as const;

const ASKED_RELATIONS = [
  ['left', 'left of'],
  ['right', 'right of'],
  ['above', 'above'],
  ['below', 'below'],
  ['on', 'on'],
  ['front', 'in front of'],
] as const satisfies readonly (readonly [QuestionType, Relation])[];

/** At most one question of each type (two on numbers) that the scene can answer without ambiguity; answers are balanced within a type. */
export function questions(scene: Scene, random: Random): Question[] {
  const asked: Question[] = [];
  const ask = (
    type: QuestionType,
    answer: string,
    ids: readonly number[],
    slots: Record<string, string> = {},
    references: readonly number[] = ids,
    words: Record<string, string> = {},
  ): void => {
    const mark = random.chance(0.5) ? '?' : '';
    const question = `${fill(random.pick(QUESTIONS[type]), slots)}${mark}`;
    const sentence = fill(ANSWERS[type], { answer, one: withArticle(answer), ...words });
    asked.push({ type, question, answer, sentence, subjects: ids, references });
  };
  const { things } = scene;
  const unique = things.filter((thing) =>
    things.every((other) => other === thing || other.kind !== thing.kind),
  );
  const named = things.flatMap((thing) => {
    const name = nameOf(scene, thing);
    return name ? [{ thing, name }] : [];
  });
  const painted = unique.filter((thing) => thing.kind !== 'person');
  if (painted.length > 0) {
    const thing = random.pick(painted);
    ask('color', thing.color, [thing.id], { x: `the ${thing.kind}` });
  }
  const person = unique.find((thing) => thing.kind === 'person');
  if (person?.secondColor) {
    const x = random.chance(0.3) ? 'the man' : 'the person';
    ask('shirt', person.color, [person.id], { x });
    ask('trousers', person.secondColor, [person.id], { x });
  }
  for (const [type, relation] of ASKED_RELATIONS) {
    // Asked only where exactly one thing answers, and of kinds that are there once.
    const pairs = unique.flatMap((y) => {
      const found = things.filter((x) => x !== y && holds(relation, x, y));
      const doubtful = things.filter((x) => x !== y && !found.includes(x) && isClose(relation, x, y));
      return found.length === 1 && doubtful.length === 0 ? [{ x: found[0]!, y }] : [];
    });
    if (pairs.length === 0) continue;
    const { x, y } = random.pick(pairs);
    ask(type, x.kind, [x.id], { x: `the ${y.kind}` }, [y.id]);
  }
  askCounts(scene, random, (answer, ids, many) =>
    ask('count', answer, ids, { many }, ids, { is: answer === COUNT_WORDS[0] ? 'is' : 'are' }),
  );
  const yes = random.chance(0.5);
  const there = yes ? present(scene, random) : { text: absent(scene, random), ids: [] };
  ask('there', yes ? YES : NO, there.ids, { x: there.text }, there.ids, {
    there: yes ? 'there is' : 'there is not',
  });
  // What stands on a thing or flies is not where the place is.
  const standing = unique.filter(({ airborne, supporter }) => !airborne && supporter === undefined);
  if (standing.length > 0) {
    const thing = random.pick(standing);
    ask('where', scene.place, [], { x: `the ${thing.kind}` }, [thing.id]);
  }
  if (random.chance(TIME_CHANCE[scene.time])) ask('time', scene.time, []);
  if (random.chance(WEATHER_CHANCE[scene.weather])) ask('weather', scene.weather, []);
  if (named.length > 0) {
    const { thing, name } = random.pick(named);
    const ids = [thing.id];
    if (random.chance(STATE_CHANCE[thing.state])) ask('doing', thing.state, ids, { x: name });
    const wanted = random.chance(0.5);
    const other = wanted ? thing.state : random.pick(MOVES.filter((state) => state !== thing.state));
    // Nobody asks whether what rests is resting; so that yes is as common as no, fewer are asked what is not so.
    if (other !== 'resting' && (wanted || random.chance(DENIED_CHANCE)))
      ask('is', other === thing.state ? YES : NO, ids, { x: name, state: other }, ids, {
        not: other === thing.state ? other : `not ${other}`,
      });
    const patterned = named.filter((entry) => PATTERNED.has(entry.thing.kind));
    if (patterned.length > 0) {
      const { thing: subject, name: title } = random.pick(patterned);
      if (random.chance(PATTERN_CHANCE[subject.pattern])) {
        const x = subject.kind === 'person' ? 'the shirt' : subject.kind === 'boat' ? 'the sail' : title;
        const alone = patterned.every(
          (entry) => entry.thing === subject || entry.thing.kind !== subject.kind,
        );
        if (alone) ask('pattern', subject.pattern, [subject.id], { x });
      }
    }
    const built = named.filter((entry) => entry.thing.material !== undefined);
    if (built.length > 0) {
      const entry = random.pick(built);
      ask('material', entry.thing.material!, [entry.thing.id], { x: entry.name });
    }
  }
  ask('light', scene.light, []);
  return asked;
}

const MOVES: readonly State[] = ['falling', 'floating'];

/** "the car", or "the red car" where that tells it apart. */
function nameOf(scene: Scene, thing: Thing): string | undefined {
  const twins = scene.things.filter((other) => other !== thing && other.kind === thing.kind);
  if (twins.length === 0) return `the ${thing.kind}`;
  if (twins.some(({ color }) => color === thing.color) || thing.kind === 'person') return undefined;
  return `the ${thing.color} ${thing.kind}`;
}

/** Whether somebody might say that the relation holds, though we would not. */
function isClose(relation: Relation, x: Thing, y: Thing): boolean {
  const dx = x.x - y.x;
  if (relation === 'left of') return dx < -0.04;
  if (relation === 'right of') return dx > 0.04;
  if (relation === 'above') return x.airborne && x.y < y.y && dx < 0.35 && dx > -0.35;
  if (relation === 'below') return y.airborne && y.y < x.y && dx < 0.35 && dx > -0.35;
  return false;
}

function askCounts(
  scene: Scene,
  random: Random,
  ask: (answer: string, ids: readonly number[], many: string) => void,
): void {
  const { things } = scene;
  const word = (count: number) => (count === 0 ? ZERO : COUNT_WORDS[count - 1]!);
  if (random.chance(OBJECT_CHANCE[things.length] ?? 1))
    ask(
      word(things.length),
      things.map(({ id }) => id),
      random.chance(0.5) ? 'objects' : 'things',
    );
  const counted = things.map(({ kind }) => things.filter((other) => other.kind === kind));
  const most = counted.reduce((largest, group) => (group.length > largest.length ? group : largest));
  if (random.chance(COUNT_CHANCE[most.length] ?? 1)) {
    ask(
      word(most.length),
      most.map(({ id }) => id),
      PLURALS[most[0]!.kind],
    );
  } else if (random.chance(COUNT_CHANCE[0])) {
    const missing = OBJECTS.filter((kind) => things.every((thing) => thing.kind !== kind));
    ask(ZERO, [], PLURALS[random.pick(missing)]);
  }
}

function present(scene: Scene, random: Random): { readonly text: string; readonly ids: readonly number[] } {
  const seen = scene.sky.filter((sky) => isVisible(scene, sky));
  if (seen.length > 0 && random.chance(0.15)) return { text: withArticle(random.pick(seen).kind), ids: [] };
  const thing = random.pick(scene.things);
  const text = random.chance(0.4) ? withArticle(thing.kind) : describe(thing.kind, thing.color);
  return { text, ids: [thing.id] };
}

/** Something that is not there; often a thing that is there, in another colour. */
function absent(scene: Scene, random: Random): string {
  const clear = SKY_OBJECTS.filter((kind) => scene.sky.every((sky) => sky.kind !== kind));
  if (clear.length > 0 && random.chance(0.07)) return withArticle(random.pick(clear));
  const bare = random.chance(0.4);
  for (;;) {
    const near = !bare && random.chance(0.5);
    const kind: Kind = near ? random.pick(scene.things).kind : random.pick(OBJECTS);
    const color = random.pick(COLOUR_NAMES);
    const same = scene.things.filter((thing) => thing.kind === kind);
    if (bare && same.length === 0) return withArticle(kind);
    if (!bare && !same.some((thing) => thing.color === color)) return describe(kind, color);
  }
}
