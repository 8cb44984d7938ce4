/** The inventory of a model: its towers, blocks and sites, found by structure. */

import type { ModelIndex } from '../model-index.ts';
import { FOLDED_AXIS } from '../reduce.ts';
import { type AttentionMatch, findAttention } from './attention.ts';
import { type Block, joinBlocks } from './blocks.ts';
import { findFeatureMaps } from './convolution.ts';
import { finalLayers } from './final.ts';
import { type FusedMatch, findFused } from './fused.ts';
import type { Attention, Inventory, LocateOptions } from './inventory.ts';
import { nodeLabel, Scope } from './scope.ts';
import {
  type AttentionPart,
  type Axes,
  type Place,
  type Site,
  type SiteAddress,
  type SiteKind,
  type SitePart,
  siteName,
  type Unresolved,
} from './site.ts';
import { findStages, type Stage } from './stages.ts';
import { inferTower, inputsBehind } from './tower.ts';

/** Finds the sites of a model. Site names are unique; what is not understood is in `unresolved`. */
export function locateSites(model: ModelIndex, options: LocateOptions = {}): Inventory {
  return new Locator(model, options).locate();
}

type Entry =
  | { readonly position: number; readonly block: Block; readonly fused?: never }
  | { readonly position: number; readonly fused: FusedMatch; readonly block?: never };

type TowerState = {
  readonly name: string;
  readonly inputs: Set<string>;
  blocks: number;
  last: string | null;
};

class Locator {
  readonly #scope: Scope;
  readonly #options: LocateOptions;
  readonly #sites = new Map<string, Site>();
  readonly #attentions: Attention[] = [];
  readonly #unresolved: Unresolved[] = [];
  readonly #towers = new Map<string, TowerState>();
  readonly #counts = new Map<string, number>();
  readonly #inputsBehind: (value: string) => ReadonlySet<string>;
  readonly #stages: ReturnType<typeof findStages>;

  constructor(model: ModelIndex, options: LocateOptions) {
    this.#scope = new Scope(model, options.files);
    this.#options = options;
    this.#inputsBehind = inputsBehind(this.#scope);
    this.#stages = findStages(this.#scope);
  }

  locate(): Inventory {
    const scope = this.#scope;
    const { found, unresolved } = findAttention(scope);
    this.#unresolved.push(...unresolved);
    const fused = findFused(scope);
    const crossTowers = new Set<string>();
    const towerOf = (value: string) => this.#towerOf(value);
    for (const match of found) if (match.cross) crossTowers.add(towerOf(match.q));
    for (const match of fused) if (match.cross) crossTowers.add(towerOf(match.node.inputs[0]!));
    const entries: Entry[] = [
      ...joinBlocks(scope, found).map((block) => ({
        position: scope.position((block.self ?? block.cross)!.softmax),
        block,
      })),
      ...fused.map((match) => ({ position: scope.position(match.node), fused: match })),
    ].sort((a, b) => a.position - b.position);
    for (const entry of entries) {
      if (entry.block) this.#addBlock(entry.block, towerOf, crossTowers);
      else this.#addFused(entry.fused, towerOf, crossTowers);
    }
    this.#addFeatureMaps(towerOf);
    return {
      towers: [...this.#towers.values()].map(({ name, inputs, blocks, last }) => ({
        name,
        inputs: [...inputs],
        blocks,
        // What follows a U-Net's last transformer block is the rest of the U-Net.
        final: last === null || this.#stages ? { norm: null, projection: null } : finalLayers(scope, last),
      })),
      sites: [...this.#sites.values()],
      attentions: this.#attentions,
      unresolved: this.#unresolved,
    };
  }

  #towerOf(value: string): string {
    const inputs = [...this.#inputsBehind(value)].sort();
    const { tower } = this.#options;
    const given = typeof tower === 'function' ? tower(inputs) : tower;
    const name = given ?? inferTower(this.#scope, new Set(inputs), { skips: this.#stages !== null });
    const state: TowerState = this.#towers.get(name) ?? { name, inputs: new Set(), blocks: 0, last: null };
    this.#towers.set(name, state);
    for (const input of inputs) state.inputs.add(input);
    return name;
  }

  #place(tower: string, position: Stage | null): Place {
    const state = this.#towers.get(tower)!;
    state.blocks++;
    if (!position) return { block: state.blocks - 1 };
    const key = [tower, ...Object.values(position)].join('.');
    const index = this.#count(key);
    return position.stage === 'mid' ? { stage: 'mid', index } : { ...position, index };
  }

  #count(key: string): number {
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    return count;
  }

  #addBlock(block: Block, towerOf: (value: string) => string, crossTowers: ReadonlySet<string>): void {
    const first = (block.self ?? block.cross)!;
    const tower = towerOf(first.q);
    const place = this.#place(tower, this.#stages?.(first.softmax) ?? null);
    const at = { tower, ...place };
    if (block.self) this.#addAttention(block.self, at, place, crossTowers.has(tower) ? 'attn1' : 'attn');
    if (block.cross) this.#addAttention(block.cross, at, place, 'attn2');
    const state = this.#towers.get(tower)!;
    const before = first.residual?.stream;
    if (before === undefined) {
      this.#unresolved.push({
        node: nodeLabel(first.softmax),
        opType: first.softmax.opType,
        reason: 'its output does not reach a residual sum through one linear layer',
      });
    } else {
      if (state.blocks === 1) this.#addStream({ tower, part: 'embed' }, 'embed', before);
      this.#addStream({ ...at, part: 'resid_pre' }, 'resid_pre', before);
    }
    const sums = [block.self, block.cross].map((attention) => attention?.residual?.sum);
    const { mlp } = block;
    let last = before ?? null;
    sums.forEach((sum, index) => {
      if (sum === undefined) return;
      last = sum;
      // Without an MLP the last sum ends the block.
      const isLast = !mlp && sums.slice(index + 1).every((later) => later === undefined);
      const kind = isLast ? 'resid_post' : index === 0 ? 'resid_mid' : 'resid_mid_cross';
      this.#addStream({ ...at, part: kind }, kind, sum);
    });
    if (mlp) {
      this.#addStream({ ...at, part: 'mlp.pre' }, 'mlp.pre', mlp.activation.input);
      this.#addStream({ ...at, part: 'mlp.post' }, 'mlp.post', mlp.post);
      this.#addStream({ ...at, part: 'mlp.out' }, 'mlp.out', mlp.output.output);
      this.#addStream({ ...at, part: 'resid_post' }, 'resid_post', mlp.residual.sum);
      last = mlp.residual.sum;
    } else if ('block' in place && this.#scope.shape(last ?? '')?.length !== 4) {
      this.#unresolved.push({
        node: nodeLabel(first.softmax),
        opType: first.softmax.opType,
        reason: 'no MLP adds to the sum of this attention',
      });
    }
    state.last = last;
  }

  #addAttention(
    match: AttentionMatch,
    at: { tower: string } & Place,
    place: Place,
    part: AttentionPart,
  ): void {
    const { heads, batchFoldedHeads } = match;
    const outer = batchFoldedHeads ? [FOLDED_AXIS] : ['batch', 'head'];
    const add = (detail: 'q' | 'k' | 'v' | 'scores' | 'pattern' | 'z', tensor: string, inner: Axes) =>
      this.#add(
        { ...at, part: `${part}.${detail}` },
        `attn.${detail}`,
        tensor,
        this.#fit(tensor, outer, inner),
        {
          heads,
          batchFoldedHeads,
        },
      );
    add('q', match.q, ['query', 'channel']);
    add('k', match.k, ['channel', 'key']);
    const v = add('v', match.v, ['key', 'channel']);
    add('scores', match.scores, ['query', 'key']);
    const pattern = add('pattern', match.pattern, ['query', 'key']);
    const z = add('z', match.z, ['query', 'channel']);
    if (match.output) this.#addStream({ ...at, part: `${part}.out` }, 'attn.out', match.output.output);
    this.#attentions.push({
      name: pattern.slice(0, -'.pattern'.length),
      tower: at.tower,
      part,
      place,
      cross: match.cross,
      causal: match.causal,
      heads,
      batchFoldedHeads,
      pattern,
      v,
      z,
      queryProjection: match.query.linear,
      keyProjection: match.key.linear,
      valueProjection: match.value.linear,
      outputProjection: match.output,
      norm: match.norm,
      node: nodeLabel(match.softmax),
    });
  }

  /** Unfolded single-head attention has no head axis: [batch, query, key]. */
  #fit(tensor: string, outer: readonly string[], inner: Axes): Axes {
    const rank = this.#scope.shape(tensor)?.length;
    return rank === 3 && outer.length === 2 ? ['batch', ...inner] : [...outer, ...inner];
  }

  #addFused(match: FusedMatch, towerOf: (value: string) => string, crossTowers: ReadonlySet<string>): void {
    const tower = towerOf(match.node.inputs[0]!);
    const place = this.#place(tower, this.#stages?.(match.node) ?? null);
    const part: AttentionPart = match.cross ? 'attn2' : crossTowers.has(tower) ? 'attn1' : 'attn';
    const at = { tower, ...place };
    this.#add(
      { ...at, part: `${part}.fused` },
      'attn.fused',
      match.node.outputs[0]!,
      ['batch', 'query', 'channel'],
      {
        heads: match.heads,
        batchFoldedHeads: false,
      },
    );
    if (match.output) this.#addStream({ ...at, part: `${part}.out` }, 'attn.out', match.output.output);
    this.#unresolved.push({
      node: nodeLabel(match.node),
      opType: match.node.opType,
      reason: 'a fused operator: its pattern, and the block around it, need unfusing first',
    });
  }

  #addFeatureMaps(towerOf: (value: string) => string): void {
    for (const { kind, tensor, node } of findFeatureMaps(this.#scope)) {
      const tower = towerOf(tensor);
      const stage = this.#stages?.(node) ?? {};
      const index = this.#count([tower, ...Object.values(stage), kind].join('.'));
      const part: SitePart = kind === 'conv.post' ? `conv.${index}.post` : `conv.${index}.resid`;
      this.#add({ tower, ...stage, part }, kind, tensor, FEATURE_MAP_AXES, NO_HEADS);
    }
  }

  /** A site on the residual stream or in an MLP, whose axes follow from its rank. */
  #addStream(address: SiteAddress, kind: SiteKind, tensor: string): void {
    const rank = this.#scope.shape(tensor)?.length ?? 3;
    const axes = rank === 4 ? FEATURE_MAP_AXES : rank === 2 ? ['batch*position', 'channel'] : STREAM_AXES;
    this.#add(address, kind, tensor, axes, NO_HEADS);
  }

  #add(
    address: SiteAddress,
    kind: SiteKind,
    tensor: string,
    axes: Axes,
    layout: Pick<Site, 'heads' | 'batchFoldedHeads'>,
  ): string {
    const name = siteName(address);
    const shape = this.#scope.shape(tensor);
    this.#sites.set(name, {
      name,
      address,
      kind,
      axes,
      tensor,
      node: nodeLabel(this.#scope.producer(tensor)),
      shape: shape?.length === axes.length ? shape : null,
      ...layout,
    });
    return name;
  }
}

const STREAM_AXES: Axes = ['batch', 'position', 'channel'];
const FEATURE_MAP_AXES: Axes = ['batch', 'channel', 'y', 'x'];
const NO_HEADS = { heads: null, batchFoldedHeads: false } as const;
