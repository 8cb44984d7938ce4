/** A CLIP in one file (`model.onnx`): each tower is taken out of it as a model of its own. */

import { readScalar } from '../onnx/initializer.ts';
import { indexModel, type ModelIndex } from '../onnx/model-index.ts';
import { partOf } from '../onnx/part.ts';

/** What each tower gives, by the role of its file. */
const EMBEDDINGS: Readonly<Record<string, string>> = {
  vision_model: 'image_embeds',
  text_model: 'text_embeds',
};

const LOGITS = ['logits_per_text', 'logits_per_image'] as const;

export function isJoint({ outputs }: ModelIndex): boolean {
  return Object.values(EMBEDDINGS).every((wanted) => outputs.some(({ name }) => name === wanted));
}

/** The graph of one role: of a joint file its tower, with the embedding before it is brought to length 1; else the graph itself. */
export function ownTower(model: ModelIndex, role: string): ModelIndex {
  const name = EMBEDDINGS[role];
  if (name === undefined || !isJoint(model)) return model;
  return indexModel(partOf(model, { output: beforeUnitLength(model, name), name }));
}

const MAX_STEPS = 8;

/** x, where the value is x / |x|, as CLIP's exports have it; else the value itself. */
function beforeUnitLength(model: ModelIndex, value: string): string {
  const node = model.producers.get(value);
  if (node?.opType === 'LpNormalization') return node.inputs[0]!;
  if (node?.opType !== 'Div') return value;
  const [above = '', below = ''] = node.inputs;
  let at = below;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (at === above) return above;
    at = model.producers.get(at)?.inputs[0] ?? '';
  }
  return value;
}

/** What cosines are multiplied with, and what is added (SigLIP), as the logits of a joint file have it; undefined where it has none. */
export function jointLogits(
  model: ModelIndex,
): { readonly scale: number; readonly bias: number | null } | undefined {
  for (const output of LOGITS) {
    let at = output as string;
    let bias: number | null = null;
    for (let step = 0; step < MAX_STEPS; step++) {
      const node = model.producers.get(at);
      if (!node) break;
      const constants = node.inputs.map((input) => scalar(model, input));
      const which = constants.findIndex((constant) => constant !== null);
      const constant = constants[which];
      const rest = node.inputs[which === 0 ? 1 : 0] ?? '';
      if (node.opType === 'Mul' && typeof constant === 'number') return { scale: constant, bias };
      if (node.opType === 'Add' && typeof constant === 'number') bias = constant;
      else if (node.opType !== 'Transpose' && node.opType !== 'Identity') break;
      at = node.opType === 'Add' ? rest : (node.inputs[0] ?? '');
    }
  }
  return undefined;
}

/** A constant of one value, or e to the power of one. */
function scalar(model: ModelIndex, value: string): number | null {
  const own = readScalar(model, value);
  if (own !== null) return own;
  const node = model.producers.get(value);
  if (node?.opType === 'Identity' || node?.opType === 'Cast') return scalar(model, node.inputs[0] ?? '');
  if (node?.opType !== 'Exp') return null;
  const power = readScalar(model, node.inputs[0] ?? '');
  return power === null ? null : Math.exp(power);
}
