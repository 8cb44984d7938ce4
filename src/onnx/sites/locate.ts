/** The inventory of a model: its towers, blocks and sites, found by structure. */

import type { ModelIndex } from '../model-index.ts';
import { FOLDED_AXIS } from '../reduce.ts';
import { type AttentionMatch, findAttention } from './attention.ts';
import { type Block, type Chain, joinBlocks } from './blocks.ts';
import { findFeatureMaps } from './convolution.ts';
import { finalLayers } from './final.ts';
import { type FusedMatch, findFused } from './fused.ts';
import type { Attention, Inventory, LocateOptions } from './inventory.ts';
import type { MlpMatch } from './mlp.ts';
import { normAfter } from './norm.ts';
import { layerMaps } from './residual-layers.ts';
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

type Entry = {
  readonly position: number;
  readonly tower: string;
  readonly block?: Block;
  readonly fused?: FusedMatch;
};

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
    const { chains, loose } = joinBlocks(scope, found);
    const entries: Entry[] = [
      ...chains.flatMap((chain) => {
        const tower = this.#towerOfChain(chain);
        return chain.blocks.map((block) => ({ position: scope.position(softmaxOf(block)), tower, block }));
      }),
      ...findFused(scope).map((fused) => ({
        position: scope.position(fused.node),
        tower: this.#towerOfFused(fused),
        fused,
      })),
    ].sort((a, b) => a.position - b.position);
    const crossTowers = new Set(
      entries.flatMap(({ tower, block, fused }) =>
        fused?.cross || (block?.cross && !isPool(scope, block)) ? [tower] : [],
      ),
    );
    for (const { tower, block, fused } of entries) {
      if (block) this.#addBlock(block, tower, crossTowers);
      else if (fused) this.#addFused(fused, tower, crossTowers);
    }
    this.#addProjectors(loose, entries.length > 0);
    this.#addFeatureMaps();
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

  #towerOfChain({ blocks }: Chain): string {
    const first = blocks[0]!;
    const stream = first.before;
    const attention = (first.self ?? first.cross)!;
    const end = blocks.at(-1)!;
    const last = end.sums.mlp ?? end.sums.cross ?? end.sums.self ?? attention.z;
    const pool = isPool(this.#scope, first);
    const causal = blocks.some(({ self }) => self?.causal === true);
    const { projection } = finalLayers(this.#scope, last);
    const unpooled = projection !== null && this.#scope.shape(projection.output)?.length === 3;
    return this.#tower({
      // A pooling attention belongs to the tower whose states it pools.
      start: this.#inputsBehind(pool ? attention.k : (stream ?? attention.q)),
      all: this.#inputsBehind(last),
      stream: pool ? null : stream,
      causal,
      cross: !pool && blocks.some(({ cross }) => cross !== null),
      unpooled,
    });
  }

  #towerOfFused({ node, cross, causal }: FusedMatch): string {
    const start = this.#inputsBehind(node.inputs[0]!);
    const all = this.#inputsBehind(node.outputs[0]!);
    return this.#tower({
      start,
      all,
      stream: null,
      causal: causal === true,
      cross: cross === true,
      unpooled: false,
    });
  }

  #tower(evidence: Omit<Parameters<typeof inferTower>[1], 'skips'>): string {
    const inputs = [...evidence.all].sort();
    const { tower } = this.#options;
    const given = typeof tower === 'function' ? tower(inputs) : tower;
    const name = given ?? inferTower(this.#scope, { ...evidence, skips: this.#stages !== null });
    const state: TowerState = this.#towers.get(name) ?? { name, inputs: new Set(), blocks: 0, last: null };
    this.#towers.set(name, state);
    for (const input of inputs) state.inputs.add(input);
    return name;
  }

  #towerOfMap(value: string): string {
    const all = this.#inputsBehind(value);
    return this.#tower({ start: all, all, stream: null, causal: false, cross: false, unpooled: false });
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

  #addBlock(block: Block, tower: string, crossTowers: ReadonlySet<string>): void {
    const first = (block.self ?? block.cross)!;
    const pool = isPool(this.#scope, block);
    const place: Place = pool ? { stage: 'pool' } : this.#place(tower, this.#stages?.(first.softmax) ?? null);
    const at = { tower, ...place };
    if (block.self) this.#addAttention(block.self, at, place, crossTowers.has(tower) ? 'attn1' : 'attn');
    if (block.cross) this.#addAttention(block.cross, at, place, pool ? 'attn' : 'attn2');
    if (block.mlp) this.#addMlp(block.mlp, at);
    if (pool) return;
    const state = this.#towers.get(tower)!;
    const { before, sums } = block;
    if (before === null)
      this.#openAttention(first, 'its output does not reach a residual sum through one linear layer');
    else {
      if (state.blocks === 1) this.#addStream({ tower, part: 'embed' }, 'embed', before);
      this.#addStream({ ...at, part: 'resid_pre' }, 'resid_pre', before);
    }
    const states = [
      ['resid_mid', sums.self],
      [block.self ? 'resid_mid_cross' : 'resid_mid', sums.cross],
      ['resid_post', sums.mlp],
    ] as const;
    const ends = states.flatMap(([kind, sum]) => (sum === null ? [] : [{ kind, sum }]));
    ends.forEach(({ kind, sum }, index) => {
      // Without an MLP the last sum ends the block.
      const part = index === ends.length - 1 ? 'resid_post' : kind;
      this.#addStream({ ...at, part }, part, sum);
      state.last = sum;
      const norm = block.postNorm ? normAfter(this.#scope, sum) : null;
      if (norm) this.#addStream({ ...at, part: `normalized_${part}` }, `normalized_${part}`, norm.output);
    });
    const map = this.#scope.shape(state.last ?? '')?.length === 4;
    if (!block.mlp && before !== null && 'block' in place && !map) {
      this.#openAttention(first, 'no MLP adds to the sum of this attention');
    }
  }

  #openAttention({ softmax }: AttentionMatch, reason: string): void {
    this.#unresolved.push({ node: nodeLabel(softmax), opType: softmax.opType, reason });
  }

  #addMlp({ activation, post, output }: MlpMatch, at: { tower: string } & (Place | object)): void {
    this.#addStream({ ...at, part: 'mlp.pre' }, 'mlp.pre', activation.input);
    this.#addStream({ ...at, part: 'mlp.post' }, 'mlp.post', post);
    this.#addStream({ ...at, part: 'mlp.out' }, 'mlp.out', output.output);
  }

  /** MLPs between two towers: they keep the positions and add to no stream. */
  #addProjectors(loose: readonly MlpMatch[], hasBlocks: boolean): void {
    const outputs = new Set(this.#scope.model.outputs.map(({ name }) => name));
    const found = loose.filter(
      (mlp) =>
        mlp.residual === null &&
        this.#scope.shape(mlp.output.output)?.length === 3 &&
        (!hasBlocks || outputs.has(mlp.output.output)),
    );
    if (found.length !== 1) return;
    const [mlp] = found;
    const all = [...this.#inputsBehind(mlp!.post)].sort();
    const { tower } = this.#options;
    const given = hasBlocks ? undefined : typeof tower === 'function' ? tower(all) : tower;
    const name = given ?? 'bridge';
    if (!this.#towers.has(name))
      this.#towers.set(name, { name, inputs: new Set(all), blocks: 0, last: null });
    this.#addMlp(mlp!, { tower: name });
  }

  #addAttention(
    match: AttentionMatch,
    at: { tower: string } & Place,
    place: Place,
    part: AttentionPart,
  ): void {
    const { batchFoldedHeads } = match;
    const heads = match.heads ?? headsByWidth(this.#scope, match);
    const outer = batchFoldedHeads ? [FOLDED_AXIS] : ['batch', 'head'];
    const add = (detail: 'q' | 'k' | 'v' | 'scores' | 'pattern' | 'z', tensor: string, inner: Axes) =>
      this.#add(
        { ...at, part: `${part}.${detail}` },
        `attn.${detail}`,
        tensor,
        match.named[detail === 'scores' ? 'pattern' : detail] ?? this.#fit(tensor, outer, inner),
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
    match.otherHeads.forEach((head, index) => {
      for (const detail of ['scores', 'pattern', 'z'] as const) {
        const inner = detail === 'z' ? ['query', 'channel'] : ['query', 'key'];
        this.#add(
          { ...at, part: `${part}.${index + 1}.${detail}` },
          `attn.${detail}`,
          head[detail],
          this.#fit(head[detail], outer, inner),
          { heads: 1, batchFoldedHeads: false },
        );
      }
    });
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

  #addFused(match: FusedMatch, tower: string, crossTowers: ReadonlySet<string>): void {
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

  #addFeatureMaps(): void {
    const maps = findFeatureMaps(this.#scope);
    const drawn = this.#stages !== null || this.#attentions.length > 0;
    const towers = new Map(maps.map((map) => [map, this.#towerOfMap(map.tensor)]));
    const layered = drawn ? null : layerMaps(this.#scope, maps);
    for (const [index, { kind, tensor, node }] of maps.entries()) {
      const tower = towers.get(maps[index]!)!;
      const layer = layered?.[index];
      const stage = this.#stages?.(node) ?? {};
      const count = this.#count([tower, ...Object.values(stage), kind].join('.'));
      const part: SitePart =
        layer?.part ?? (kind === 'conv.post' ? `conv.${count}.post` : `conv.${count}.resid`);
      this.#add({ tower, ...stage, ...layer?.place, part }, kind, tensor, FEATURE_MAP_AXES, NO_HEADS);
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
    // An input that was left out: there is no value to read.
    if (tensor === '') return name;
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

/** How often the width of one head goes into what the output matrix takes: for graphs whose batch or length nothing tells. */
function headsByWidth(scope: Scope, { v, output, named, otherHeads }: AttentionMatch): number | null {
  const values = scope.shape(v);
  if (!output || values?.length !== 4 || named.v || otherHeads.length > 0) return null;
  const width = scope.shape(output.weight)?.at(output.layout === 'in-out' ? 0 : 1);
  const dim = values[3];
  if (typeof width !== 'number' || typeof dim !== 'number' || width % dim !== 0) return null;
  return width / dim;
}

function softmaxOf({ self, cross }: Block) {
  return (self ?? cross)!.softmax;
}

/** An attention whose queries are learned and that adds to no stream pools the states it looks at. */
function isPool(scope: Scope, { self, cross, before }: Block): boolean {
  return self === null && cross !== null && before === null && scope.isWeight(cross.query.source);
}

const STREAM_AXES: Axes = ['batch', 'position', 'channel'];
const FEATURE_MAP_AXES: Axes = ['batch', 'channel', 'y', 'x'];
const NO_HEADS = { heads: null, batchFoldedHeads: false } as const;
