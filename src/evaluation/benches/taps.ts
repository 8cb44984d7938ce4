/** What it costs that all attention patterns could be read, while nobody reads them. */

import { instrumentUnet } from '../../families/diffusion/unet.ts';
import { readModelGraph } from '../../families/graph.ts';
import { readPrompt } from '../../families/prompt.ts';
import type { Value } from '../../families/session.ts';
import { createNodeRuntime, type NodeRuntime } from '../../headless/runtime.ts';
import { contrastiveCard } from '../../jobs/contrastive-model.ts';
import { encodePrompts, openDiffusion } from '../../jobs/diffusion-model.ts';
import { openPlain } from '../../jobs/open.ts';
import { instrument } from '../../onnx/instrument.ts';
import { tap } from '../../onnx/tap.ts';
import { gaussianNoise } from '../../world/random.ts';
import { DIFFUSION } from '../generated.ts';
import type { Finding, Measure } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';
import { compare, describeTimes } from './interleave.ts';

const EFFORT = { rounds: 60, leastMs: 8_000, warmUps: 10 };

interface Subject {
  readonly model: string;
  readonly file: string;
  readonly feeds: Readonly<Record<string, Value>>;
  readonly output: string;
}

function noise(dims: readonly number[]): Value {
  const count = dims.reduce((product, size) => product * size, 1);
  return { type: 'float32', dims, data: gaussianNoise(1, count) };
}

/** What each file is fed, in the sizes that the models' own configurations name. */
async function subjects(runtime: NodeRuntime): Promise<readonly Subject[]> {
  const { config, rules, textEncoder, textOutput } = await openDiffusion(runtime, DIFFUSION);
  const empty = readPrompt('', await runtime.tokenizer(DIFFUSION), rules, { allowEmpty: true });
  const [states] = await encodePrompts({ rules, textEncoder, textOutput }, [empty]);
  const { latentChannels, latentSize } = config;
  const contrastive = await contrastiveCard(runtime, CONTRASTIVE);
  const words = readPrompt('a red car', contrastive.tokenizer, contrastive.rules);
  const ids = BigInt64Array.from(words.tokens, ({ id }) => BigInt(id));
  const side = contrastive.config.imageSize;
  return [
    {
      model: DIFFUSION,
      file: 'unet',
      feeds: {
        sample: noise([2, latentChannels, latentSize, latentSize]),
        timestep: { type: 'int64', dims: [2], data: BigInt64Array.of(500n, 500n) },
        encoder_hidden_states: noise([2, states!.tokens, states!.width]),
      },
      output: 'out_sample',
    },
    {
      model: CONTRASTIVE,
      file: 'vision_model',
      feeds: { pixel_values: noise([1, 3, side, side]) },
      output: 'image_embeds',
    },
    {
      model: CONTRASTIVE,
      file: 'text_model',
      feeds: { input_ids: { type: 'int64', dims: [1, ids.length], data: ids } },
      output: 'text_embeds',
    },
  ];
}

export const taps: Measure = async (say) => {
  // One thread: idle pools of two sessions spin, and would fight over the cores with whichever is being timed.
  const runtime = createNodeRuntime({ threads: 1 });
  const findings: Finding[] = [];
  const all = await subjects(runtime);
  for (const subject of all) {
    findings.push(await measure(runtime, subject));
    say(`taps: ${subject.file} done`);
  }
  findings.push(await measureInstrumented(runtime, all[0]!));
  await runtime.close();
  return findings;
};

async function measure(runtime: NodeRuntime, { model, file, feeds, output }: Subject): Promise<Finding> {
  const bytes = await runtime.bytes(model, file);
  const graph = readModelGraph(bytes, file, file);
  const patterns = graph.inventory.sites.filter(({ kind }) => kind === 'attn.pattern');
  const plain = await openPlain(runtime, model, file);
  const tapped = await runtime.open(`bench/${file}`, async () => ({
    graph: instrument(graph.model, [
      tap(
        graph.model,
        patterns.map(({ tensor }) => tensor),
      ),
    ]),
    weights: { path: graph.location, data: bytes },
  }));
  const result = await compare(
    () => plain.run(feeds, [output]),
    () => tapped.run(feeds, [output]),
    EFFORT,
  );
  return {
    name: `${file}: all ${patterns.length} attention taps present, none fetched`,
    value: result.ratio,
    bar: { is: 'at most', value: 1.1 },
    note: describeTimes(result),
  };
}

/** The page's own U-Net, whose taps are cut to the conditional half inside the graph. */
async function measureInstrumented(runtime: NodeRuntime, { feeds, output }: Subject): Promise<Finding> {
  const bytes = await runtime.bytes(DIFFUSION, 'unet');
  const graph = readModelGraph(bytes, 'unet', 'unet');
  const plain = await openPlain(runtime, DIFFUSION, 'unet');
  const page = await runtime.open('bench/page', async () => ({
    graph: instrumentUnet(graph).graph,
    weights: { path: graph.location, data: bytes },
  }));
  const result = await compare(
    () => plain.run(feeds, [output]),
    () => page.run(feeds, [output]),
    EFFORT,
  );
  return {
    name: 'unet: as the page opens it, nothing fetched',
    value: result.ratio,
    bar: { is: 'at most', value: 1.1 },
    note: describeTimes(result),
  };
}
