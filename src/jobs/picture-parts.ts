/** Pictures that a generative model sees in parts, and in how many of them its inside can still be kept. */

import { pixelPlanes } from '../families/contrastive/encode.ts';
import type { Preprocessing } from '../families/contrastive/preprocess.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { SeenStates } from '../families/generative/bridge.ts';
import type { GenerativeConfig } from '../families/generative/config.ts';
import type { Decoder } from '../families/generative/decoder.ts';
import { atMost, cutIntoParts, type PartRules, partsOf } from '../families/generative/parts.ts';
import { severalFeeds } from '../families/picture-session.ts';
import { floats, type Session } from '../families/session.ts';
import type { Caution } from '../protocol/jobs.ts';

/** Every pattern of every layer and head is kept for an explanation: 256 MB of them. */
const MOST_VALUES = 2 ** 26;

/** The model's own rules, with fewer parts where the patterns of all of them would not fit. At least the whole is seen. */
export function bearable(
  rules: PartRules,
  { blocks }: Pick<Decoder, 'blocks'>,
  { tokensOfSquare, limit }: Pick<GenerativeConfig, 'tokensOfSquare' | 'limit'>,
): PartRules {
  const heads = blocks.reduce((sum, block) => sum + block.heads, 0);
  const positions = Math.min(limit, Math.sqrt(MOST_VALUES / heads));
  let most = Math.ceil(rules.edge / rules.side);
  // Three quarters for a square picture's parts, the rest for words.
  while (most > 1 && (most * most + 1) * tokensOfSquare > 0.75 * positions) most--;
  return atMost(rules, most);
}

export function partCautions(seen: PartRules, asked: PartRules): readonly Caution[] {
  const along = ({ edge, side }: PartRules): number => Math.ceil(edge / side);
  return asked.cut && along(seen) < along(asked)
    ? [{ kind: 'parts', parts: along(seen), asked: along(asked) }]
    : [];
}

/** Squares in one run: their patterns of patches are large. */
const BATCH = 4;

/** Tokens of every part and of the whole, [picture, token, channel]. Pictures of one batch must have the same number of parts. */
export async function seeInParts(
  session: Session,
  preprocessing: Preprocessing,
  rules: PartRules,
  pictures: readonly Rgb8[],
  output: string,
): Promise<SeenStates> {
  const parts = partsOf(pictures[0]!, rules);
  const squares = pictures.flatMap((picture) => cutIntoParts(picture, rules, preprocessing));
  const rows: Float32Array[] = [];
  let width = 0;
  for (let first = 0; first < squares.length; first += BATCH) {
    const { dims, data } = floats(
      await session.run(severalFeeds(pixelPlanes(preprocessing, squares.slice(first, first + BATCH))), [
        output,
      ]),
      output,
    );
    width = dims.at(-1) ?? 0;
    rows.push(data);
  }
  const data = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  rows.reduce((at, row) => {
    data.set(row, at);
    return at + row.length;
  }, 0);
  return { dims: [pictures.length, data.length / width / pictures.length, width], data, parts };
}
