/** A text-to-image model, ready to run: parsed once, sessions from the host. */

import { type DiffusionConfig, readDiffusionConfig } from '../families/diffusion/config.ts';
import { guidanceWidth } from '../families/diffusion/guidance.ts';
import type { TextStates } from '../families/diffusion/sampler.ts';
import type { SchedulerConfig } from '../families/diffusion/schedule.ts';
import { readScheduler } from '../families/diffusion/scheduler.ts';
import { steerable } from '../families/diffusion/steerable.ts';
import { type InstrumentedUnet, instrumentUnet } from '../families/diffusion/unet.ts';
import { type ModelGraph, readModelGraph } from '../families/graph.ts';
import { checkUnet } from '../families/kinds.ts';
import { readTokenRules, type TokenRules } from '../families/prompt.ts';
import { floats, type Session, type Tokenizer } from '../families/session.ts';
import type { PromptReading } from '../protocol/jobs.ts';
import { memo } from './memo.ts';
import { openPlain } from './open.ts';
import type { Runtime } from './runtime.ts';

interface DiffusionCard {
  readonly config: DiffusionConfig;
  readonly scheduler: SchedulerConfig;
  readonly tokenizer: Tokenizer;
  readonly rules: TokenRules;
  /** The text encoder's output that the U-Net reads. */
  readonly textOutput: string;
  readonly graph: ModelGraph;
  readonly instrumented: InstrumentedUnet;
  /** As of a `SamplePlan`. */
  readonly guidanceWidth: number | null;
}

export interface DiffusionModel extends DiffusionCard {
  readonly textEncoder: Session;
  readonly unet: Session;
  readonly decoder: Session;
}

export const diffusionCard = memo(async (runtime: Runtime, model: string): Promise<DiffusionCard> => {
  const tokenizer = await runtime.tokenizer(model);
  const graph = readModelGraph(await runtime.bytes(model, 'unet'), 'unet', 'unet');
  checkUnet(graph.model);
  const config = await runtime.json(model, 'config');
  return {
    config: readDiffusionConfig(config),
    scheduler: readScheduler(await runtime.json(model, 'scheduler_config')),
    tokenizer,
    rules: readTokenRules(await runtime.json(model, 'tokenizer_config'), tokenizer),
    textOutput: textOutput(await runtime.json(model, 'model_index')),
    graph,
    instrumented: instrumentUnet(graph),
    guidanceWidth: guidanceWidth(graph.model, config),
  };
});

/** Bytes of a U-Net up to which its weights may lie in memory twice, for a session that is only watched beside the steered one. */
const TWICE = 64 * 2 ** 20;

/** `watch` for runs whose attention is read only: a probe, as an edit, needs `steer`. */
export async function openDiffusion(
  runtime: Runtime,
  model: string,
  use: 'steer' | 'watch' = 'steer',
): Promise<DiffusionModel> {
  const card = await diffusionCard(runtime, model);
  const { instrumented } = card;
  const data = await runtime.bytes(model, 'unet');
  const source = (graph: Uint8Array) => async () => ({ graph, weights: { path: card.graph.location, data } });
  const watched = use === 'watch' && data.length <= TWICE;
  return {
    ...card,
    textEncoder: await openPlain(runtime, model, 'text_encoder'),
    unet: watched
      ? steerable(await runtime.open(`${model}/unet/watched`, source(instrumented.watched)), {
          ...instrumented,
          inputs: [],
        })
      : steerable(await runtime.open(`${model}/unet`, source(instrumented.graph)), instrumented),
    decoder: await openPlain(runtime, model, 'vae_decoder'),
  };
}

/** The states that the U-Net attends to, for each reading: one run. */
export async function encodePrompts(
  model: Pick<DiffusionModel, 'rules' | 'textEncoder' | 'textOutput'>,
  readings: readonly PromptReading[],
): Promise<readonly TextStates[]> {
  const tokens = model.rules.limit;
  const ids = readings.flatMap((reading) => reading.tokens.map(({ id }) => BigInt(id)));
  const results = await model.textEncoder.run(
    { input_ids: { type: 'int64', dims: [readings.length, tokens], data: BigInt64Array.from(ids) } },
    [model.textOutput],
  );
  const { dims, data } = floats(results, model.textOutput);
  const width = dims.at(-1) ?? 0;
  const size = tokens * width;
  return readings.map((_, index) => ({ tokens, width, data: data.slice(index * size, (index + 1) * size) }));
}

function textOutput(json: unknown): string {
  const named = typeof json === 'object' && json !== null && 'text_encoder_output' in json;
  return named && typeof json.text_encoder_output === 'string'
    ? json.text_encoder_output
    : 'last_hidden_state';
}
