/** What the address holds of the ask view. */

import type { Picture } from './picture.ts';

/** What is looked at beside the answer. */
export const ASK_PARTS = ['why', 'bridge', 'trace', 'change'] as const;
export type AskPart = (typeof ASK_PARTS)[number];

export const ASK_METHODS = ['attention', 'rollout', 'attribution', 'ablation'] as const;
export type AskMethod = (typeof ASK_METHODS)[number];

/** Attention that is cut between the picture and what comes after it. */
export const CUTS = ['none', 'answer', 'all'] as const;
export type Cut = (typeof CUTS)[number];

export interface AskAddress {
  readonly part: AskPart;
  readonly model: string;
  readonly image: Picture;
  readonly question: string;
  /** Words that the answer must begin with. */
  readonly prefix: string;
  readonly mode: 'greedy' | 'sample';
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  /** Place of the explained word within the answer; the last one where the answer is shorter. */
  readonly word: number;
  readonly method: AskMethod;
  readonly level: 'token' | 'pixel';
  /** Counted from 0. */
  readonly layer: number | 'mean';
  readonly head: number | 'mean';
  readonly patch: number | 'none';
  /** Patches taken away, and heads as `block.head`, both counted from 0. */
  readonly masked: readonly number[];
  readonly silenced: readonly string[];
  readonly cut: Cut;
  /** The other run of a trace: the scene with this thing in this colour, or another question. */
  readonly thing: number;
  readonly color: string;
  readonly other: string;
}

/** A full link stays under 8,000 characters, whatever the script. */
export const ASK_LIMITS = {
  /** Characters of the question, and of the prefix and the other question. */
  question: 160,
  words: 60,
  masked: 32,
  silenced: 24,
  temperature: [0.05, 5],
  topP: [0, 1],
} as const;

export const FIRST_ASK: AskAddress = {
  part: 'why',
  model: 'scene-vlm-mlp',
  // A yellow taxi and a man in a white shirt, on a beach.
  image: { kind: 'scene', seed: 88651 },
  question: 'what color is the taxi',
  prefix: '',
  mode: 'greedy',
  temperature: 1,
  topP: 0.9,
  seed: 1,
  word: 0,
  // The best at pointing on validation scenes; direct attribution is the best at deletion (`npm run eval -- vlm`).
  method: 'attention',
  level: 'token',
  layer: 'mean',
  head: 'mean',
  patch: 'none',
  masked: [],
  silenced: [],
  cut: 'none',
  thing: 1,
  color: 'blue',
  other: '',
};
