/** Does a generative model answer rightly, from the picture and not from habit, and are its descriptions true. */

import { openGenerative } from '../../../jobs/generative-model.ts';
import type { Runtime } from '../../../jobs/runtime.ts';
import { COLOUR_NAMES } from '../../../world/catalogue.ts';
import { drawScene } from '../../../world/draw.ts';
import { isTrueOf } from '../../../world/facts.ts';
import { type Question, questions } from '../../../world/questions.ts';
import { Random } from '../../../world/random.ts';
import { type Scene, sampleScene } from '../../../world/scene.ts';
import { UNSEEN_COLOURS, unseenCombination } from '../../../world/split.ts';
import { ask, look, lookAtNothing, spaced } from '../../answering.ts';
import { claimsOf } from '../../caption-claims.ts';
import type { Finding } from '../../table.ts';
import { chanceOf } from './chance.ts';
import { shareRow, splitShares } from './share.ts';

const FIRST_SEED = 65_000_000;
const SHIRT_SEED = 66_000_000;
const QUESTION_STREAM = 97;
const DESCRIBE = 'describe the picture';
const SHIRT = "what color is the man's shirt?";

interface Asked extends Question {
  readonly right: boolean;
  readonly blind: boolean;
  readonly unseen: boolean;
}

/** `count` held-out scenes with all their questions; `overall` is the bar of exact answers. */
export async function generativeFindings(
  runtime: Runtime,
  id: string,
  count: number,
  overall: number,
  say: (line: string) => void,
): Promise<readonly Finding[]> {
  const model = await openGenerative(runtime, id);
  const view = (scene: Scene) => {
    const size = model.config.imageSize;
    return look(model, { width: size, height: size, data: drawScene(scene, size).rgb });
  };
  const nothing = await lookAtNothing(model);
  const asked: Asked[] = [];
  const described: { readonly scene: Scene; readonly claims: readonly string[] }[] = [];
  for (let i = 0; i < count; i++) {
    const scene = sampleScene(FIRST_SEED + i);
    const image = await view(scene);
    for (const question of questions(scene, new Random(scene.seed, QUESTION_STREAM))) {
      const exact = (answer: string) => isExact(answer, question);
      asked.push({
        ...question,
        right: exact(await ask(model, image, question.question)),
        blind: exact(await ask(model, nothing, question.question)),
        unseen: unseenCombination(scene),
      });
    }
    described.push({ scene, claims: claimsOf(await ask(model, image, DESCRIBE)) });
    if (i % 50 === 49) say(`${id}: ${i + 1} of ${count} scenes`);
  }
  const shirts: boolean[] = [];
  for (let i = 0; i < count; i++) {
    const scene = shirtScene(i);
    shirts.push(
      spaced(scene.things.find(({ kind }) => kind === 'person')!.color) ===
        colourIn(await ask(model, await view(scene), SHIRT)),
    );
  }
  const types = [...new Set(asked.map(({ type }) => type))].sort();
  const chance = chanceOf(asked);
  const blind = asked.filter((question) => question.blind).length / asked.length;
  return [
    ...splitShares(`${id}: exact answers`, asked, overall, `questions of ${count} held-out scenes`),
    ...types.map((type) =>
      shareRow(
        `  ${type}`,
        asked.filter((question) => question.type === type).map(({ right }) => right),
        0.9,
      ),
    ),
    {
      name: `${id}: exact answers without the picture`,
      value: blind,
      unit: 'share',
      bar: { is: 'at most', value: chance + 0.05 },
      note: `an even grey picture; chance ${(100 * chance).toFixed(1)}%: the commonest answer of each type`,
    },
    shareRow(`${id}: "${SHIRT}"`, shirts, 0.9, 'beside a thing of a combination never seen in training'),
    shareRow(
      `${id}: descriptions, all claims true`,
      described.map(({ scene, claims }) => isTrueOf(claims, scene)),
      0.85,
      `"${DESCRIBE}", its words read back into claims`,
    ),
    {
      name: '  claims a description',
      value: described.reduce((sum, { claims }) => sum + claims.length, 0) / count,
    },
    shareRow(
      '  descriptions that name every thing with its colour',
      described.map(({ scene, claims }) =>
        scene.things.every(({ kind, color }) => claims.includes(`${color} ${kind}`)),
      ),
    ),
  ];
}

/** The one word, or the same answer in its sentence. */
export function isExact(answer: string, question: Pick<Question, 'answer' | 'sentence'>): boolean {
  return [question.answer, question.sentence].some((right) => spaced(right) === answer);
}

/** A person beside a thing of an unseen pair, in turn; shirts in all colours. */
function shirtScene(index: number): Scene {
  const [color, kind] = UNSEEN_COLOURS[index % UNSEEN_COLOURS.length]!;
  const shirt = COLOUR_NAMES[index % COLOUR_NAMES.length]!;
  return sampleScene(SHIRT_SEED + index, { kinds: ['person', kind], colors: [shirt, color] });
}

/** The colour that an answer of one word or one sentence gives. */
function colourIn(answer: string): string {
  return answer.replace(/^the shirt is /, '');
}
