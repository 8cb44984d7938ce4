/** What explaining an answer costs, in plain forward passes of the files as they are. */

import type { Value } from '../../families/session.ts';
import { createNodeRuntime } from '../../headless/runtime.ts';
import { ablateStates } from '../../jobs/ablate-patches.ts';
import { runAnswer } from '../../jobs/answer-run.ts';
import { explainToken } from '../../jobs/explain-answer.ts';
import {
  DECODER,
  embedSequence,
  imageFeatures,
  openGenerative,
  seeStates,
} from '../../jobs/generative-model.ts';
import { openPlain } from '../../jobs/open.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { VitrineError } from '../../protocol/errors.ts';
import type { Finding, Measure } from '../table.ts';
import { compare, describeTimes } from './interleave.ts';

const MODELS = ['scene-vlm-mlp', 'scene-vlm-qformer'] as const;
const QUESTION = { image: { kind: 'scene', seed: 8 } as const, question: 'what color is the car' };
const BATCH = 16;

export const ask: Measure = async () => {
  const findings: Finding[] = [];
  for (const id of MODELS) {
    const runtime = createNodeRuntime();
    try {
      findings.push(...(await costs(runtime, id)));
    } catch (error) {
      if (!(error instanceof VitrineError && error.code === 'model-missing')) throw error;
      findings.push({ name: `${id}: cost of attribution`, value: Number.NaN, note: 'not shipped' });
    } finally {
      await runtime.close();
    }
  }
  return findings;
};

async function costs(runtime: Runtime, id: string): Promise<readonly Finding[]> {
  const model = await openGenerative(runtime, id);
  const decoder = await openPlain(
    { ...runtime, open: (key, build) => runtime.open(`plain/${key}`, build) },
    id,
    DECODER,
  );
  const answer = [model.config.endTokens[0]!];
  const given = await runAnswer(model, { ...QUESTION, answer });
  const plain = async (): Promise<void> => {
    const features = await imageFeatures(model, await seeStates(model, [given.picture]));
    const { length, width, data } = await embedSequence(model, given.sequence, features);
    const feeds: Record<string, Value> = {
      inputs_embeds: { type: 'float32', dims: [1, length, width], data },
      attention_mask: { type: 'int64', dims: [1, length], data: new BigInt64Array(length).fill(1n) },
      position_ids: {
        type: 'int64',
        dims: [1, length],
        data: BigInt64Array.from({ length }, (_, i) => BigInt(i)),
      },
    };
    for (const { past, heads, dim } of model.decoder.cache) {
      feeds[past] = { type: 'float32', dims: [1, heads, 0, dim], data: new Float32Array(0) };
    }
    await decoder.run(feeds, ['logits']);
  };
  const position = given.answered[0]!;
  const attribution = await compare(
    plain,
    async () => {
      const run = await runAnswer(model, { ...QUESTION, answer });
      explainToken(model, run, position, new Float32Array(run.sequence.length));
    },
    { rounds: 15, leastMs: 2000, warmUps: 3 },
  );
  const patches = Array.from({ length: given.grid * given.grid }, (_, patch) => [patch]);
  const ablation = await compare(
    plain,
    async () => {
      for (let first = 0; first < patches.length; first += BATCH) {
        await ablateStates(model, given, patches.slice(first, first + BATCH));
      }
    },
    { rounds: 5, leastMs: 2000, warmUps: 1 },
  );
  return [
    {
      name: `${id}: attribution of one token over all layers and heads, in plain passes`,
      value: attribution.ratio,
      bar: { is: 'at most', value: 2 },
      note: describeTimes(attribution),
    },
    {
      name: `${id}: token ablation of ${patches.length} patches, in plain passes`,
      value: ablation.ratio,
      bar: { is: 'at most', value: 50 },
      note: describeTimes(ablation),
    },
  ];
}
