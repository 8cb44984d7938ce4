/** Where the things of a generated picture are: by scene-oracle, or, until it ships, by colour alone. Nothing here looks at attention. */

import type { Runtime } from '../jobs/runtime.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Pixels } from '../protocol/image.ts';
import { type Mask, mask } from '../tensor/mask.ts';
import { COLOURS, labelId, OBJECTS } from '../world/catalogue.ts';
import { colourOf, ORACLE, objectMask, openOracle, type Reading } from './oracle.ts';
import type { PromptThing } from './prompts.ts';
import { segmentByColour } from './segment.ts';
import type { Finding } from './table.ts';

/** What a judge says of one picture. */
export interface Sighting {
  /** Where a thing of that kind is, at the picture's size; null where there is none. */
  mask(thing: PromptThing): Mask | null;
  /** Where any thing is, whatever its kind: in a picture of one thing, all of it, also where its kind is misread. */
  things(thing: PromptThing): Mask | null;
  /** Whether a thing of that kind is there in that colour. */
  shows(thing: PromptThing): boolean;
  /** The oracle's labels; null where colour alone judges. */
  readonly reading: Reading | null;
}

export interface Judge {
  readonly name: string;
  look(picture: Pixels): Promise<Sighting>;
}

const BY_COLOUR = 'colour';
const THINGS: ReadonlySet<number> = new Set(OBJECTS.map((kind) => labelId('object', kind)));

export async function openJudge(runtime: Runtime): Promise<Judge> {
  try {
    const oracle = await openOracle(runtime);
    return {
      name: ORACLE,
      look: async (picture) => {
        const [reading] = await oracle.look([picture]);
        return {
          mask: ({ kind }) => {
            const found = objectMask(reading!, kind);
            return found && enlarge(found, picture.height, picture.width);
          },
          things: () => {
            const data = reading!.labels.object.map((label) => (THINGS.has(label) ? 1 : 0));
            return data.includes(1)
              ? enlarge(mask(reading!.grid, reading!.grid, data), picture.height, picture.width)
              : null;
          },
          shows: ({ kind, color }) => colourOf(reading!, kind) === color,
          reading: reading!,
        };
      },
    };
  } catch (thrown) {
    if (!(thrown instanceof VitrineError && thrown.code === 'model-missing')) throw thrown;
    return {
      name: BY_COLOUR,
      look: async (picture) => {
        const find = ({ color }: PromptThing) => segmentByColour(picture, COLOURS[color]);
        return { mask: find, things: find, shows: (thing) => find(thing) !== null, reading: null };
      },
    };
  }
}

/** Says who judged; the bars are stated for the oracle. */
export function judgeFinding({ name }: Judge): Finding {
  return {
    name: `judged by scene-oracle`,
    value: name === ORACLE ? 1 : 0,
    unit: 'count',
    bar: { is: 'at least', value: 1 },
    note: name === ORACLE ? '' : 'not shipped: things are found by the colour of their prompt, kinds unseen',
  };
}

/** Each cell becomes the pixels it stands for. */
export function enlarge({ dims: [rows, columns], data }: Mask, height: number, width: number): Mask {
  const large = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * rows) / height) * columns;
    for (let x = 0; x < width; x++) {
      large[y * width + x] = data[row + Math.floor(((x + 0.5) * columns) / width)]!;
    }
  }
  return mask(height, width, large);
}
