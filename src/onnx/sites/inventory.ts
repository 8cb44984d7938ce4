/** What is found in a model: the result of `locateSites`. */

import type { ExternalFiles } from '../initializer.ts';
import type { FinalLayers } from './final.ts';
import type { Linear } from './linear.ts';
import type { Norm } from './norm.ts';
import type { AttentionPart, Place, Site, Unresolved } from './site.ts';

/** One attention with what a method needs besides its activations. */
export type Attention = {
  /** The common start of its sites' names: `vision.blocks.3.attn`. */
  readonly name: string;
  readonly tower: string;
  readonly part: AttentionPart;
  readonly place: Place;
  readonly cross: boolean;
  readonly causal: boolean | null;
  readonly heads: number | null;
  readonly batchFoldedHeads: boolean;
  /** Names of its sites. */
  readonly pattern: string;
  readonly v: string;
  readonly z: string;
  /** Null where the layer is not a plain linear one. Constants are read with `readConstant`. */
  readonly queryProjection: Linear | null;
  readonly keyProjection: Linear | null;
  readonly valueProjection: Linear | null;
  readonly outputProjection: Linear | null;
  /** The norm between the residual stream and the projections. */
  readonly norm: Norm | null;
  /** The exporter's label of the softmax. */
  readonly node: string;
};

export type Tower = {
  readonly name: string;
  /** The graph inputs that it depends on. */
  readonly inputs: readonly string[];
  readonly blocks: number;
  readonly final: FinalLayers;
};

export type Inventory = {
  readonly towers: readonly Tower[];
  readonly sites: readonly Site[];
  readonly attentions: readonly Attention[];
  readonly unresolved: readonly Unresolved[];
};

export type LocateOptions = {
  /** The label of the tower that depends on these graph inputs; without it, or where it gives undefined, it is inferred. */
  readonly tower?: string | ((inputs: readonly string[]) => string | undefined);
  /** Weights of an externalised model: without them a large constant mask cannot be looked at (causal is then null). */
  readonly files?: ExternalFiles;
};
