/** Questions about held-out scenes that have one right answer and a thing in the picture that it hangs on. */

import { type DrawnScene, drawSeed } from '../../jobs/scenes.ts';
import { type Mask, mask } from '../../tensor/mask.ts';
import { questions } from '../../world/questions.ts';
import { Random } from '../../world/random.ts';

export interface Item {
  readonly seed: number;
  readonly type: 'color' | 'left';
  readonly question: string;
  readonly answer: string;
  /** The thing whose colour is asked, or that stands left. */
  readonly subject: number;
  /** Things whose pixels count: the subject, and for `left` the reference too. */
  readonly things: readonly number[];
}

/** The stream of random numbers behind questions, apart from those of the scene. */
const QUESTION_STREAM = 311;

/** `count` items from the seeds `first` on, colour and left in turn as scenes offer them. */
export function askItems(first: number, count: number): readonly Item[] {
  const items: Item[] = [];
  const lefts = () => items.filter(({ type }) => type === 'left').length;
  for (let seed = first; items.length < count; seed++) {
    const { scene } = drawSeed(seed, 16);
    const found = questions(scene, new Random(seed, QUESTION_STREAM)).flatMap(
      ({ type, question, answer, subjects, references }): Item[] => {
        const [subject] = subjects;
        if (subject === undefined || (type !== 'color' && type !== 'left')) return [];
        const things = [...new Set([subject, ...references])];
        return [{ seed, type, question, answer, subject, things }];
      },
    );
    // The rarer kind first, so that both are asked about equally often.
    const left = found.find(({ type }) => type === 'left');
    const chosen =
      left && lefts() < items.length / 2 ? left : (found.find(({ type }) => type === 'color') ?? left);
    if (chosen) items.push(chosen);
  }
  return items;
}

/** Pixels of the named things. */
export function thingMask({ drawing }: DrawnScene, things: readonly number[]): Mask {
  const { size, instances } = drawing;
  return mask(
    size,
    size,
    Uint8Array.from(instances, (id) => (things.includes(id) ? 1 : 0)),
  );
}

/** Share of each cell of a `grid` x `grid` division that a mask covers. */
export function cellCover({ dims: [height, width], data }: Mask, grid: number): Float32Array {
  const cover = new Float32Array(grid * grid);
  const size = (height * width) / (grid * grid);
  data.forEach((value, i) => {
    if (value === 0) return;
    const cell =
      Math.floor((Math.floor(i / width) * grid) / height) * grid + Math.floor(((i % width) * grid) / width);
    cover[cell] = cover[cell]! + 1 / size;
  });
  return cover;
}
