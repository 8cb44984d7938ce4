import { isLeftOf } from './caption.ts';
import { COLOUR_NAMES, type Kind, OBJECTS, type Time } from './catalogue.ts';
import { COUNT_WORDS, describe, fill, NO, QUESTIONS, type QuestionType, YES } from './grammar.ts';
import type { Random } from './random.ts';
import type { Scene, Thing } from './scene.ts';

export interface Question {
  readonly type: QuestionType;
  readonly question: string;
  /** One word. */
  readonly answer: string;
}

/** Chances to ask, so that over many scenes the answers of a type come out about even. */
const COUNT_CHANCE = [0, 0.18, 0.29, 1] as const;
const TIME_CHANCE: Readonly<Record<Time, number>> = { day: 0.33, night: 1, sunset: 1 };

/** At most one question of each type that the scene can answer without ambiguity; answers are balanced within a type. */
export function questions(scene: Scene, random: Random): Question[] {
  const asked: Question[] = [];
  const ask = (type: QuestionType, answer: string, slots: Record<string, string> = {}): void => {
    asked.push({ type, question: fill(random.pick(QUESTIONS[type]), slots), answer });
  };
  const unique = scene.things.filter(
    (thing) => scene.things.filter((other) => other.kind === thing.kind).length === 1,
  );
  const painted = unique.filter((thing) => thing.kind !== 'person');
  if (painted.length > 0) {
    const thing = random.pick(painted);
    ask('color', thing.color, { kind: thing.kind });
  }
  const person = unique.find((thing) => thing.kind === 'person');
  if (person) {
    ask('shirt', person.color);
    if (person.secondColor) ask('trousers', person.secondColor);
  }
  if (scene.things.length === 2 && unique.length === 2) {
    const [x, y] = random.shuffle(unique) as [Thing, Thing];
    if (isLeftOf(x, y)) ask('left', x.kind, { kind: y.kind });
    else if (isLeftOf(y, x)) ask('right', x.kind, { kind: y.kind });
  }
  if (random.chance(COUNT_CHANCE[scene.things.length] ?? 1))
    ask('count', COUNT_WORDS[scene.things.length - 1]!);
  const yes = random.chance(0.5);
  ask('there', yes ? YES : NO, { x: yes ? present(scene, random) : absent(scene, random) });
  // "what is the place" must not be answered "sky", so the place is asked with standing things only.
  const standing = unique.filter((thing) => !thing.airborne);
  if (standing.length > 0) ask('where', scene.place, { kind: random.pick(standing).kind });
  if (random.chance(TIME_CHANCE[scene.time])) ask('time', scene.time);
  return asked;
}

function present(scene: Scene, random: Random): string {
  const thing = random.pick(scene.things);
  return describe(thing.kind, thing.color);
}

/** Something that is not there; half of the time a thing that is there, in another colour. */
function absent(scene: Scene, random: Random): string {
  for (;;) {
    const kind: Kind = random.chance(0.5) ? random.pick(scene.things).kind : random.pick(OBJECTS);
    const color = random.pick(COLOUR_NAMES);
    if (!scene.things.some((thing) => thing.kind === kind && thing.color === color))
      return describe(kind, color);
  }
}
