/** Sites: the named activations of a model, and the one builder of their names. */

import type { Dimension } from '../value-info.ts';

/**
 * What an activation is. Attention parts follow TransformerLens: `q`, `k`, `v` are what enters the two products, `scores`
 * enters the softmax (scaled and masked), `pattern` weights the values, `z` is each head's output, `out` the projected sum
 * that is added to the residual stream.
 */
export type SiteKind =
  | 'attn.q'
  | 'attn.k'
  | 'attn.v'
  | 'attn.scores'
  | 'attn.pattern'
  | 'attn.z'
  | 'attn.out'
  /** A fused attention operator: its output; the pattern is inside. */
  | 'attn.fused'
  | 'resid_pre'
  | 'resid_mid'
  /** After the cross attention of a block that has both. */
  | 'resid_mid_cross'
  | 'resid_post'
  /** Of post-norm models: what the norm makes of the sum of the same name, and what everything later reads. */
  | 'normalized_resid_mid'
  | 'normalized_resid_mid_cross'
  | 'normalized_resid_post'
  | 'mlp.pre'
  | 'mlp.post'
  | 'mlp.out'
  /** The residual stream before the first block, after any norm of the embeddings. */
  | 'embed'
  /** A convolutional unit after its activation function. */
  | 'conv.post'
  /** The sum at the end of a convolutional residual block. */
  | 'conv.resid';

/** Where in a model a block lies. */
export type Place =
  | { readonly block: number }
  /** A U-Net's transformer block: stage, resolution level within it (absent for mid), index within the level. */
  | { readonly stage: 'down' | 'up'; readonly level: number; readonly index: number }
  | { readonly stage: 'mid'; readonly index: number }
  /** An attention with a learned query that pools a tower's last states. */
  | { readonly stage: 'pool' };

/** `attn` in towers with self attention only; else `attn1` for self and `attn2` for cross attention, as in diffusers. */
export type AttentionPart = 'attn' | 'attn1' | 'attn2';

type AttentionDetail = 'q' | 'k' | 'v' | 'scores' | 'pattern' | 'z' | 'out' | 'fused';

/** The last part of a name: what the activation is within its place. */
export type SitePart =
  | `${AttentionPart}.${AttentionDetail}`
  /** One head's part where an attention is written head by head. */
  | `${AttentionPart}.${number}.${AttentionDetail}`
  | 'resid_pre'
  | 'resid_mid'
  | 'resid_mid_cross'
  | 'resid_post'
  | `normalized_${'resid_mid' | 'resid_mid_cross' | 'resid_post'}`
  | 'mlp.pre'
  | 'mlp.post'
  | 'mlp.out'
  | 'embed'
  | `stem.relu${number | ''}`
  | 'resid'
  | 'relu'
  | `relu${number}`
  | `conv.${number}.post`
  | `conv.${number}.resid`;

/** A place is absent for what belongs to a tower as a whole; convolutions of a U-Net have a stage without an index. */
export type SiteAddress =
  | ({ readonly tower: string; readonly part: SitePart } & Place)
  | { readonly tower: string; readonly part: SitePart; readonly stage: 'down' | 'up'; readonly level: number }
  | { readonly tower: string; readonly part: SitePart; readonly stage: 'mid' }
  /** A residual block of a convolutional network: layer1 to layer4 by resolution, as in torchvision. */
  | { readonly tower: string; readonly part: SitePart; readonly layer: number; readonly unit: number }
  | { readonly tower: string; readonly part: SitePart };

/**
 * The name of a site: `vision.blocks.3.attn.pattern`, `unet.down.0.1.attn2.pattern`, `unet.mid.0.mlp.post`,
 * `unet.up.1.conv.4.post`, `text.embed`, `vision.layer4.1.relu`.
 */
export function siteName(address: SiteAddress): string {
  const path: (string | number)[] = [address.tower];
  if ('layer' in address) path.push(`layer${address.layer}`, address.unit);
  if ('block' in address) path.push('blocks', address.block);
  if ('stage' in address) path.push(address.stage);
  if ('level' in address) path.push(address.level);
  if ('index' in address) path.push(address.index);
  return [...path, address.part].join('.');
}

/** Names of axes, outermost first. Folded attention has `batch*head` as its first. */
export type Axes = readonly string[];

export type Site = {
  readonly name: string;
  readonly address: SiteAddress;
  readonly kind: SiteKind;
  readonly axes: Axes;
  /** The value to tap or patch. */
  readonly tensor: string;
  /** The exporter's name of the node that writes it; a label only. */
  readonly node: string;
  /** One size an axis where known; null where nothing is known. */
  readonly shape: readonly Dimension[] | null;
  /** For the parts of an attention, where known. */
  readonly heads: number | null;
  /** Rows of axis 0 run over batch and head, the head innermost. */
  readonly batchFoldedHeads: boolean;
};

/** Something that looks like a site but is not understood; never a guess. */
export type Unresolved = {
  /** The exporter's node name, or its first output where it has none. */
  readonly node: string;
  readonly opType: string;
  readonly reason: string;
};
