/** The six shipped models against the world's truth. `--only ID,ID`, `--scenes`, `--pictures`, `--questions` say how much. */

import { createNodeRuntime } from '../../headless/runtime.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { VitrineError } from '../../protocol/errors.ts';
import { DIFFUSION } from '../generated.ts';
import { ORACLE } from '../oracle.ts';
import type { Finding, Measure } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';
import { autoencoderFinding } from './models/autoencoder.ts';
import { contrastiveFindings } from './models/contrastive.ts';
import { diffusionFindings } from './models/diffusion.ts';
import { foreignFindings } from './models/foreign.ts';
import { generativeFindings } from './models/generative.ts';
import { drawnFindings, reconstructedFindings } from './models/judge.ts';

/** Few enough for some minutes on two cores. */
const COUNTS = { scenes: 500, pictures: 20, questions: 100 };
const RECONSTRUCTED = 256;

type Counts = Readonly<Record<keyof typeof COUNTS, number>>;
type Say = (line: string) => void;

interface Part {
  readonly model: string;
  readonly what: string;
  readonly run: (runtime: Runtime, counts: Counts, say: Say) => Promise<readonly Finding[]>;
}

const RESNET = 'scene-clip-rn';
const MLP = 'scene-vlm-mlp';
const QFORMER = 'scene-vlm-qformer';

const PARTS: readonly Part[] = [
  {
    model: CONTRASTIVE,
    what: 'zero-shot and retrieval',
    run: (runtime, { scenes }) =>
      contrastiveFindings(runtime, CONTRASTIVE, scenes, { zeroShot: 0.97, recall: 0.85 }),
  },
  {
    model: CONTRASTIVE,
    what: 'foreign pictures',
    run: (runtime, { scenes }) => foreignFindings(runtime, scenes),
  },
  {
    model: RESNET,
    what: 'zero-shot and retrieval',
    run: (runtime, { scenes }) =>
      contrastiveFindings(runtime, RESNET, scenes, { zeroShot: 0.95, recall: 0.75 }),
  },
  {
    model: ORACLE,
    what: 'drawn scenes',
    run: (runtime, { scenes }) => drawnFindings(runtime, Math.min(scenes, RECONSTRUCTED)),
  },
  {
    model: ORACLE,
    what: 'reconstructions',
    run: (runtime, { scenes }) => reconstructedFindings(runtime, Math.min(scenes, RECONSTRUCTED)),
  },
  {
    model: DIFFUSION,
    what: 'autoencoder',
    run: async (runtime, { scenes }) => [await autoencoderFinding(runtime, Math.min(scenes, RECONSTRUCTED))],
  },
  {
    model: DIFFUSION,
    what: 'generated pictures',
    run: (runtime, { pictures }, say) => diffusionFindings(runtime, pictures, say),
  },
  {
    model: MLP,
    what: 'answers',
    run: (runtime, { questions }, say) => generativeFindings(runtime, MLP, questions, 0.95, say),
  },
  {
    model: QFORMER,
    what: 'answers',
    run: (runtime, { questions }, say) => generativeFindings(runtime, QFORMER, questions, 0.93, say),
  },
];

export const models: Measure = async (say, { only, ...asked }) => {
  const unknown = only?.find((id) => !PARTS.some(({ model }) => model === id));
  if (unknown) throw new RangeError(`unknown model: ${unknown}`);
  const runtime = createNodeRuntime();
  const findings: Finding[] = [];
  for (const part of PARTS) {
    if (only && !only.includes(part.model)) continue;
    say(`${part.model}: ${part.what}`);
    findings.push(...(await found(part, runtime, { ...COUNTS, ...asked }, say)));
  }
  await runtime.close();
  return findings;
};

/** A part whose models are not there, or are of another world, fails in a row that says why; the others go on. */
async function found(part: Part, runtime: Runtime, counts: Counts, say: Say): Promise<readonly Finding[]> {
  try {
    return await part.run(runtime, counts, say);
  } catch (error) {
    if (!(error instanceof VitrineError || error instanceof RangeError)) throw error;
    return [
      {
        name: `${part.model}: ${part.what}`,
        value: Number.NaN,
        bar: { is: 'at least', value: 1 },
        unit: 'count',
        note: error.message,
      },
    ];
  }
}
