/** Asking a generative model about a picture, and taking its answer apart. */

import type { Grid, Tensor } from '../tensor/tensor.ts';
import type { ImageSource, Pixels } from './image.ts';
import type { Caution, Device, Progress } from './jobs.ts';

/** What a position of the decoder's sequence holds. `template` is what the chat format puts around the question. */
export type TokenRole = 'template' | 'image' | 'question' | 'answer';

export interface SequenceToken {
  readonly position: number;
  readonly id: number;
  readonly text: string;
  readonly role: TokenRole;
}

/** How the next token is chosen. */
export interface Sampling {
  /** `greedy` takes the most probable and ignores the rest of the fields. */
  readonly mode: 'greedy' | 'sample';
  /** Logits are divided by it, 0.05 to 5. */
  readonly temperature: number;
  /** Smallest set of tokens whose probabilities reach it, 0 to 1. */
  readonly topP: number;
  /** 32-bit unsigned. */
  readonly seed: number;
}

/** What is taken from the model before it answers. */
export interface Intervention {
  /** Patches (of a Q-Former's picture) or image tokens replaced by the mean one, counted in reading order. */
  readonly patches: readonly number[];
  /** Heads of the decoder whose output is set to zero. */
  readonly heads: readonly { readonly block: number; readonly head: number }[];
  /** Attention from later positions (`to`) to earlier ones (`from`) that is cut; the rest of the row is renormalised. */
  readonly edges: readonly {
    readonly from: 'image' | 'question';
    readonly to: 'question' | 'answer';
    /** First and last block, both included. */
    readonly blocks: readonly [first: number, last: number];
  }[];
}

export interface AnswerParams {
  readonly model: string;
  readonly image: ImageSource;
  /** Empty for models that only describe. */
  readonly question: string;
  /** Words that the answer must begin with; may be empty. */
  readonly prefix: string;
  readonly sampling: Sampling;
  readonly maxTokens: number;
  /** Absent: nothing is changed. */
  readonly intervention?: Intervention;
}

export interface Candidate {
  readonly id: number;
  readonly text: string;
  /** The model's own, at temperature 1. */
  readonly probability: number;
}

export interface AnswerToken extends Candidate {
  /** Part of the prefix, not the model's choice. */
  readonly forced: boolean;
  /** The most probable tokens at this place, best first, the chosen one among them if it ranks. */
  readonly candidates: readonly Candidate[];
}

export interface AnswerProgress extends Progress {
  /** All tokens so far. */
  readonly tokens: readonly AnswerToken[];
}

export interface Answer {
  /** The picture as the model sees it. */
  readonly image: Pixels;
  /** Prompt and answer, as the decoder reads them; the end token is not in it. */
  readonly sequence: readonly SequenceToken[];
  readonly tokens: readonly AnswerToken[];
  readonly ended: 'end-token' | 'limit';
  readonly cautions: readonly Caution[];
  readonly device: Device;
  readonly elapsedMs: number;
}

/** An answer that was given, taken apart. */
export interface GivenAnswer {
  readonly model: string;
  readonly image: ImageSource;
  readonly question: string;
  /** Token ids of the answer, without its end token. */
  readonly answer: readonly number[];
}

export type AttributionMethod = 'attention' | 'rollout' | 'attribution';

export interface TokenExplanation {
  /** Position in the sequence that predicts the token: one before it. */
  readonly from: number;
  readonly id: number;
  readonly text: string;
  readonly probability: number;
  /** The token its logit is compared with in `attribution`: the most probable other one. */
  readonly against: Candidate;
  /** Logit of the token minus that of `against`. */
  readonly logitDifference: number;
  /** Attention probability from `from`: sums to 1 over keys. Where a model reads its picture by cross attention, that one. */
  readonly attention: Tensor<readonly ['layer', 'head', 'key']>;
  /** Direct logit attribution: what each head carries from each key to the logit difference. Logits. Empty where it is `without`. */
  readonly attribution: Tensor<readonly ['layer', 'head', 'key']>;
  /** Attention rollout from `from`: sums to 1 over keys. */
  readonly rollout: Float32Array;
  /** Logit lens after the embeddings and after each block: the most probable tokens, and the probability of this one. */
  readonly lens: readonly { readonly top: readonly Candidate[]; readonly probability: number }[];
}

/** How a Q-Former's queries read the picture. */
export interface QueryMaps {
  /** Attention probability over patches, mean over heads and layers; what goes to the class token is left out, not renormalised. */
  readonly maps: Tensor<readonly ['query', 'y', 'x']>;
  /** The same with each layer apart. */
  readonly layers: Tensor<readonly ['layer', 'query', 'y', 'x']>;
}

export interface AnswerExplanation {
  readonly image: Pixels;
  readonly sequence: readonly SequenceToken[];
  /** Positions of the image tokens. */
  readonly imagePositions: readonly number[];
  /** By place of the grid, indices of the image tokens that show it; absent where each shows its own. */
  readonly places?: readonly (readonly number[])[];
  /** Grid that the image tokens (or a Q-Former's patches) lie on. */
  readonly gridHeight: number;
  readonly gridWidth: number;
  readonly tokens: readonly TokenExplanation[];
  /** Positions that take at least `SINK_SHARE` of the attention of all later ones, whatever is asked. */
  readonly sinks: readonly { readonly position: number; readonly share: number }[];
  readonly queries: QueryMaps | null;
  /** Measures that this model's structure has no answer for; absent for none. */
  readonly without?: readonly AttributionMethod[];
  /** Positions that cross attention spreads over, the first of the sequence; absent where there is none. */
  readonly crossKeys?: number;
  readonly device: Device;
  readonly elapsedMs: number;
}

export interface AblatePatchesParams extends GivenAnswer {
  /** `token`: the patch's state becomes the picture's mean state. `pixel`: its square of the picture is blurred. */
  readonly level: 'token' | 'pixel';
}

export interface PatchAblation {
  readonly level: 'token' | 'pixel';
  readonly gridHeight: number;
  readonly gridWidth: number;
  /** Probability of each answer token with everything in place. */
  readonly intact: readonly number[];
  /** Drop of log probability (nats) of each answer token, the words before it given, when one patch is taken away. */
  readonly drop: Tensor<readonly ['token', 'patch']>;
  readonly device: Device;
  readonly elapsedMs: number;
}

/** One position of an answer, compared between two runs that differ in the picture or in the question. */
export interface TraceParams {
  readonly model: string;
  /** States are taken from this run. */
  readonly source: { readonly image: ImageSource; readonly question: string };
  /** And put into this one. */
  readonly target: { readonly image: ImageSource; readonly question: string };
}

export interface Trace {
  readonly sequence: readonly SequenceToken[];
  readonly imagePositions: readonly number[];
  readonly gridHeight: number;
  readonly gridWidth: number;
  readonly sourceImage: Pixels;
  readonly targetImage: Pixels;
  readonly sourceAnswer: Candidate;
  readonly targetAnswer: Candidate;
  /** Logit of the source's answer minus that of the target's, in the two runs as they are. */
  readonly sourceDifference: number;
  readonly targetDifference: number;
  /** Share of the way from target to source that one patched position after one block recovers: 0 nothing, 1 everything. */
  readonly recovered: Tensor<readonly ['block', 'position']>;
  /** Behind a Q-Former, whose queries lie nowhere: the same of a patch and its neighbours (3 x 3), before the bridge reads them. */
  readonly seen: Grid | null;
  readonly device: Device;
  readonly elapsedMs: number;
}

/** What the image tokens mean in words. */
export interface BridgeParams {
  readonly model: string;
  readonly image: ImageSource;
}

export interface SoftToken {
  /** Vocabulary entries whose embedding points most in the token's direction: cosine of centred vectors. */
  readonly nearest: readonly { readonly text: string; readonly cosine: number }[];
  /** The same halfway through the decoder, against each word read on its own. */
  readonly contextual: readonly { readonly text: string; readonly cosine: number }[];
}

export interface Bridge {
  readonly image: Pixels;
  readonly gridHeight: number;
  readonly gridWidth: number;
  /** Block whose states `contextual` compares. */
  readonly block: number;
  readonly tokens: readonly SoftToken[];
  /** 95th percentile of the best cosine over shuffled tokens: what is below means nothing. */
  readonly nearestBand: number;
  readonly contextualBand: number;
  readonly queries: QueryMaps | null;
  readonly device: Device;
  readonly elapsedMs: number;
}

/** A heat over the picture with what it is measured in. */
export interface PatchHeat {
  readonly heat: Grid;
  readonly unit: 'probability' | 'logits' | 'nats';
}

/** Jobs of the generative family. */
export interface AskJobs {
  answer: { params: AnswerParams; progress: AnswerProgress; result: Answer };
  explainAnswer: { params: GivenAnswer; progress: Progress; result: AnswerExplanation };
  ablatePatches: { params: AblatePatchesParams; progress: Progress; result: PatchAblation };
  trace: { params: TraceParams; progress: Progress; result: Trace };
  bridge: { params: BridgeParams; progress: Progress; result: Bridge };
}
