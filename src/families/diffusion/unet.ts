/**
 * The U-Net with every attention readable and changeable, cut down to the conditional half inside the graph. One instrumented
 * graph serves the plain run and every edit: what is not steered is fed neutrally and changes nothing. A second one, with the
 * same outputs, can only be read: runs that nothing steers are cheaper in it.
 */

import type { AddedInput } from '../../onnx/graph-builder.ts';
import { type Change, instrument } from '../../onnx/instrument.ts';
import { add, editAttention, takeRows } from '../../onnx/patch.ts';
import { FOLDED_AXIS, type ReduceStep, reduce } from '../../onnx/reduce.ts';
import type { Attention } from '../../onnx/sites/inventory.ts';
import type { Site } from '../../onnx/sites/site.ts';
import type { Dimension } from '../../onnx/value-info.ts';
import { OnnxError } from '../../onnx/wire.ts';
import { VitrineError } from '../../protocol/errors.ts';
import type { ModelGraph } from '../graph.ts';
import { outputsDotValues } from './output-values.ts';

/** A cross attention: graph outputs to fetch, and the graph inputs that change it. */
export interface CrossAttentionTap {
  /** Site name, as `unet.down.0.0.attn2.pattern`. */
  readonly site: string;
  /** The pattern as it is used: [image, head, query, token]. */
  readonly output: string;
  /** The pattern before any change. */
  readonly original: string;
  /** Attention outputs dotted with the tokens' values, summed over heads: [image, query, token]. */
  readonly products: string;
  readonly inputs: Readonly<Record<CrossRole, string>>;
  readonly rowsPerImage: number;
  /** Positions of the layer's grid; null where the file does not tell. */
  readonly queries: number | null;
}

const CROSS_ROLES = ['active', 'source', 'gate', 'factor', 'map', 'renormalise', 'addend'] as const;
/** See `editAttention`; `addend` goes to the scores before the softmax. */
export type CrossRole = (typeof CROSS_ROLES)[number];

/** A self attention: its pattern [image, head, query, key] as 16-bit fixed point, and the input that says whose pattern each row takes. */
export interface SelfAttentionTap {
  readonly site: string;
  readonly output: string;
  readonly source: string;
  readonly rowsPerImage: number;
  readonly queries: number | null;
  readonly heads: number | null;
}

export interface UnetInput {
  readonly input: AddedInput;
  /** Rows of the first axis for each picture of the batch: heads where they are folded into it, else 1. */
  readonly rowsPerImage: number;
}

export interface InstrumentedUnet {
  readonly graph: Uint8Array;
  /** The graph whose attention is read, not changed: the same outputs but for `original`, and no added inputs. */
  readonly watched: Uint8Array;
  readonly taps: readonly CrossAttentionTap[];
  readonly selfTaps: readonly SelfAttentionTap[];
  /** Dims of the input that tells the step, as the file states them; null where it does not. */
  readonly timestep: readonly Dimension[] | null;
  /** Every one must be fed on every run: `steerable` does it. */
  readonly inputs: readonly UnetInput[];
}

interface Built<Tap> {
  readonly tap: Tap;
  /** What reads; together with `changes`, what changes. */
  readonly reads: readonly Change[];
  readonly changes: readonly Change[];
  readonly inputs: readonly UnetInput[];
}

/**
 * Taps and patches all attention. In a batch [uncond, cond] only the second half leaves; a batch of one is its own second
 * half. Throws `model-corrupt` when no cross attention is found, or when one cannot be changed.
 */
export function instrumentUnet(graph: ModelGraph): InstrumentedUnet {
  const sites = new Map(graph.inventory.sites.map((site) => [site.name, site]));
  try {
    const { attentions } = graph.inventory;
    const crosses = attentions.filter(({ cross }) => cross).map((found) => crossLayer(graph, sites, found));
    const selfs = attentions.filter(({ cross }) => !cross).map((found) => selfLayer(graph, sites, found));
    if (crosses.length === 0) throw new OnnxError('missing', 'no cross attention that can be read');
    const all = [...crosses, ...selfs];
    return {
      graph: instrument(
        graph.model,
        all.flatMap(({ reads, changes }) => [...changes, ...reads]),
      ),
      watched: instrument(
        graph.model,
        all.flatMap(({ reads }) => reads),
      ),
      taps: crosses.map(({ tap }) => tap),
      selfTaps: selfs.map(({ tap }) => tap),
      inputs: all.flatMap(({ inputs }) => inputs),
      timestep: graph.model.inputs.find(({ name }) => name === 'timestep')?.dims ?? null,
    };
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    throw new VitrineError('model-corrupt', `unet: ${error.message}`, { file: 'unet' }, error);
  }
}

function crossLayer(
  { model }: ModelGraph,
  sites: ReadonlyMap<string, Site>,
  found: Attention,
): Built<CrossAttentionTap> {
  const site = sites.get(found.pattern)!;
  const scores = sites.get(`${found.name}.scores`);
  if (!scores) throw new OnnxError('missing', `${found.name} has no scores`);
  const edit = editAttention(model, site, { mapKeys: true, renormalise: 'switch' });
  const bias = add(model, scores);
  const products = outputsDotValues(model, sites.get(found.z)!, sites.get(found.v)!, site.name);
  const half = conditionalHalf(site);
  const used = reduce(model, site, half);
  const original = reduce(
    model,
    { tensor: edit.original, axes: site.axes, name: `${site.name}.original`, typeOf: site.tensor },
    half,
  );
  const summed = reduce(model, products.source, [
    ...half.slice(0, -1),
    { step: 'sum', axis: 'head' },
    ...half.slice(-1),
  ]);
  const inputs = [...edit.inputs, ...bias.inputs];
  const named = new Map(inputs.map(({ role, name }) => [role, name]));
  const rowsPerImage = site.axes[0] === FOLDED_AXIS ? (site.heads ?? 1) : 1;
  return {
    tap: {
      site: site.name,
      output: used.output,
      original: original.output,
      products: summed.output,
      inputs: Object.fromEntries(CROSS_ROLES.map((role) => [role, named.get(role)!])) as Record<
        CrossRole,
        string
      >,
      rowsPerImage,
      queries: queriesOf(site),
    },
    reads: [products, used, summed],
    changes: [edit, bias, original],
    inputs: inputs.map((input) => ({ input, rowsPerImage })),
  };
}

function selfLayer(
  { model }: ModelGraph,
  sites: ReadonlyMap<string, Site>,
  found: Attention,
): Built<SelfAttentionTap> {
  const site = sites.get(found.pattern)!;
  const taken = takeRows(model, site);
  const used = reduce(model, site, [...conditionalHalf(site), { step: 'fixedPoint' }]);
  const rowsPerImage = site.axes[0] === FOLDED_AXIS ? (site.heads ?? 1) : 1;
  return {
    tap: {
      site: site.name,
      output: used.output,
      source: taken.inputs[0]!.name,
      rowsPerImage,
      queries: queriesOf(site),
      heads: site.heads,
    },
    reads: [used],
    changes: [taken],
    inputs: taken.inputs.map((input) => ({ input, rowsPerImage })),
  };
}

/** [batch, head, query, key] of the conditional half, whatever the layout. */
function conditionalHalf(site: Site): readonly ReduceStep[] {
  const half: ReduceStep = { step: 'secondHalf', axis: 'batch' };
  return site.axes[0] === FOLDED_AXIS ? [{ step: 'unfoldHeads', heads: site.heads ?? 1 }, half] : [half];
}

function queriesOf({ shape, axes }: Site): number | null {
  const size = shape?.[axes.indexOf('query')];
  return typeof size === 'number' ? size : null;
}
