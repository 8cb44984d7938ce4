/** Transformer blocks: attentions and MLPs joined along the residual stream. */

import { findActivations } from './activation.ts';
import type { AttentionMatch } from './attention.ts';
import { type MlpMatch, matchMlp } from './mlp.ts';
import { beforeNorm } from './norm.ts';
import { PASSES, type Scope } from './scope.ts';

export type Block = {
  readonly self: AttentionMatch | null;
  readonly cross: AttentionMatch | null;
  readonly mlp: MlpMatch | null;
};

/**
 * Joins attentions into blocks in topological order: a cross attention belongs to the self attention whose sum it adds to,
 * an MLP to the attention whose sum it adds to (directly, or through the norm of a post-norm model).
 */
export function joinBlocks(scope: Scope, attentions: readonly AttentionMatch[]): readonly Block[] {
  const mlps = new Map<string, MlpMatch>();
  for (const activation of findActivations(scope)) {
    const mlp = matchMlp(scope, activation);
    if (mlp) mlps.set(uncast(scope, beforeNorm(scope, mlp.residual.stream)), mlp);
  }
  const blocks: Block[] = [];
  const crossBySum = new Map<string, AttentionMatch>();
  const joined = new Set<AttentionMatch>();
  for (const attention of attentions) {
    if (attention.cross && attention.residual) {
      crossBySum.set(uncast(scope, beforeNorm(scope, attention.residual.stream)), attention);
    }
  }
  for (const attention of attentions) {
    if (joined.has(attention)) continue;
    const sum = attention.residual?.sum;
    const next = sum === undefined || attention.cross ? undefined : crossBySum.get(sum);
    if (next) joined.add(next);
    const last = next?.residual?.sum ?? sum;
    blocks.push({
      self: attention.cross ? null : attention,
      cross: attention.cross ? attention : (next ?? null),
      mlp: last === undefined ? null : (mlps.get(last) ?? null),
    });
  }
  return blocks;
}

/** A stream before the casts of norms that compute in another precision. */
function uncast(scope: Scope, value: string): string {
  const node = scope.producer(value);
  return node && PASSES.has(node.opType) ? uncast(scope, node.inputs[0]!) : value;
}
