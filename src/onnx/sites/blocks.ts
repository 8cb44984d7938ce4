/** Transformer blocks: attentions and MLPs joined along the residual stream, and the chains that blocks form. */

import { findActivations } from './activation.ts';
import type { AttentionMatch } from './attention.ts';
import { type MlpMatch, matchMlp } from './mlp.ts';
import { normAfter } from './norm.ts';
import { type ResidualAdd, residualAdd, streamRoot, stripCuts } from './residual.ts';
import type { Scope } from './scope.ts';

export type Block = {
  readonly self: AttentionMatch | null;
  readonly cross: AttentionMatch | null;
  readonly mlp: MlpMatch | null;
  /** What enters the block; null when its attention adds to no stream. */
  readonly before: string | null;
  /** The sums that its attentions and its MLP end in, in this order; of a parallel block there is one only. */
  readonly sums: { readonly self: string | null; readonly cross: string | null; readonly mlp: string | null };
  /** The stream is normed after each sum, not before each branch. */
  readonly postNorm: boolean;
};

/** Blocks that read each other's sums, first to last. */
export type Chain = { readonly blocks: readonly Block[] };

export type Joined = {
  readonly chains: readonly Chain[];
  /** MLPs that belong to no attention: projectors, heads. */
  readonly loose: readonly MlpMatch[];
};

/**
 * Joins attentions into blocks in topological order: a cross attention belongs to the self attention whose sum it adds to,
 * an MLP to the attention whose sum it adds to (directly, through the norm of a post-norm model, or in one sum with it).
 */
export function joinBlocks(scope: Scope, attentions: readonly AttentionMatch[]): Joined {
  const mlps = findActivations(scope).flatMap((activation) => matchMlp(scope, activation) ?? []);
  const adding = mlps.flatMap((mlp) => (mlp.residual ? [{ mlp, residual: mlp.residual }] : []));
  const mlpByStream = new Map(adding.map(({ mlp, residual }) => [streamRoot(scope, residual.stream), mlp]));
  const mlpBySum = new Map(adding.map(({ mlp, residual }) => [residual.node, mlp]));
  const crossByStream = new Map<string, AttentionMatch>();
  for (const attention of attentions) {
    if (attention.cross && attention.residual) {
      crossByStream.set(streamRoot(scope, attention.residual.stream), attention);
    }
  }
  const blocks: Block[] = [];
  const joined = new Set<AttentionMatch | MlpMatch>();
  for (const attention of attentions) {
    if (joined.has(attention)) continue;
    const beside = attention.residual && mlpBySum.get(attention.residual.node);
    if (beside) {
      // One sum of attention and MLP is added to the stream: a parallel block.
      joined.add(beside);
      blocks.push(parallelBlock(attention, beside, residualAdd(scope, attention.residual.sum)));
      continue;
    }
    const sum = attention.residual?.sum ?? null;
    const next = sum === null || attention.cross ? undefined : crossByStream.get(streamRoot(scope, sum));
    if (next) joined.add(next);
    const last = next?.residual?.sum ?? sum ?? attention.output?.output ?? null;
    const mlp = last === null ? null : (mlpByStream.get(streamRoot(scope, last)) ?? null);
    if (mlp) joined.add(mlp);
    blocks.push({
      self: attention.cross ? null : attention,
      cross: attention.cross ? attention : (next ?? null),
      mlp,
      before: attention.residual?.stream ?? null,
      sums: {
        self: attention.cross ? null : sum,
        cross: attention.cross ? sum : (next?.residual?.sum ?? null),
        mlp: mlp?.residual?.sum ?? null,
      },
      postNorm: isPostNorm(scope, attention, sum),
    });
  }
  return { chains: chain(scope, blocks), loose: mlps.filter((mlp) => !joined.has(mlp)) };
}

function parallelBlock(attention: AttentionMatch, mlp: MlpMatch, residual: ResidualAdd | null): Block {
  return {
    self: attention.cross ? null : attention,
    cross: attention.cross ? attention : null,
    mlp,
    before: residual?.stream ?? null,
    sums: { self: null, cross: null, mlp: residual?.sum ?? null },
    postNorm: false,
  };
}

/** Queries are made of the stream itself, and a norm reads the sum. */
function isPostNorm(scope: Scope, { query, residual }: AttentionMatch, sum: string | null): boolean {
  if (!residual || sum === null) return false;
  return (
    stripCuts(scope, query.source) === stripCuts(scope, residual.stream) && normAfter(scope, sum) !== null
  );
}

function chain(scope: Scope, blocks: readonly Block[]): readonly Chain[] {
  const chains: Block[][] = [];
  const byEnd = new Map<string, Block[]>();
  for (const block of blocks) {
    const start = block.before === null ? null : streamRoot(scope, block.before);
    const open = start === null ? undefined : byEnd.get(start);
    const list = open ?? [];
    if (!open) chains.push(list);
    else byEnd.delete(start!);
    list.push(block);
    const end = block.sums.mlp ?? block.sums.cross ?? block.sums.self;
    if (end !== null) byEnd.set(streamRoot(scope, end), list);
  }
  return chains.map((list) => ({ blocks: list }));
}
