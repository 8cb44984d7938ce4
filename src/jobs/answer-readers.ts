/** How a decoder's states are read with concepts, layer by layer, whatever kind of vectors. */

import { lensLogits } from '../methods/concepts/logit-lens.ts';
import { compare, type Vectors, vectorsOf } from '../methods/concepts/reader.ts';
import { row } from '../methods/concepts/texts.ts';
import type { AnswerVectors } from '../protocol/read-answer.ts';
import type { AnswerProbe } from './answer-probe.ts';
import { answerVectors, conceptTokens } from './answer-vectors.ts';
import type { GenerativeModel } from './generative-model.ts';
import type { Runtime } from './runtime.ts';

/** One layer's way of reading a state: figures of the concepts, and of what means nothing. */
export interface StateReader {
  readonly site: string;
  readonly read: (
    state: Float32Array,
    position: number,
    nulls: boolean,
  ) => { readonly concepts: readonly number[]; readonly nulls: readonly number[] };
}

/** How each layer is read: vectors centred like the state, or the lens. `place` says where a position's probe mean is, and whether it is an image token. */
export async function stateReaders(
  runtime: Runtime,
  model: GenerativeModel,
  probe: AnswerProbe,
  { concepts, vectors }: { readonly concepts: readonly string[]; readonly vectors: AnswerVectors },
  place: (position: number) => { readonly position: number; readonly image: boolean },
): Promise<readonly StateReader[]> {
  if (vectors === 'logit-lens') return lensReaders(model, probe, concepts);
  const sets = await answerVectors(runtime, model, probe, concepts, vectors);
  return probe.layers.map(({ site, mean }, layer) => {
    const [answering, picture] = [sets[layer]!.answering, sets[layer]!.picture].map(({ named, nulls }) => ({
      named: vectorsOf(named),
      nulls: vectorsOf(nulls),
    }));
    return {
      site,
      read: (state, position, nulls) => {
        const { position: at, image } = place(position);
        // A word of the answer has no probes of its own: the position that answers stands in for it.
        const centre = row(mean, at);
        return both(
          state.map((value, i) => value - centre[i]!),
          image ? picture! : answering!,
          nulls,
        );
      },
    };
  });
}

function both(
  state: Float32Array,
  { named, nulls }: { readonly named: Vectors; readonly nulls: Vectors },
  wanted: boolean,
) {
  return {
    concepts: compare({ measure: 'cosine' }, state, named),
    nulls: wanted ? compare({ measure: 'cosine' }, state, nulls) : [],
  };
}

/** Logits of the concepts' first tokens above the mean logit; the null is every token of the vocabulary. */
function lensReaders(
  model: GenerativeModel,
  probe: AnswerProbe,
  concepts: readonly string[],
): readonly StateReader[] {
  const ids = conceptTokens(model, concepts);
  return probe.layers.map(({ site }) => ({
    site,
    read: (state, _, nulls) => {
      const logits = lensLogits(state, model.decoder.readout);
      const mean = logits.reduce((sum, value) => sum + value, 0) / logits.length;
      return {
        concepts: ids.map((id) => (id === undefined ? Number.NaN : logits[id]! - mean)),
        nulls: nulls ? Array.from(logits, (value) => value - mean) : [],
      };
    },
  }));
}
