import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { daam } from '../../methods/attention/daam.ts';
import { BlendSum, blendLatents, union } from '../../methods/attention/steer/blend.ts';
import { regionMask, regionOf } from '../../protocol/region.ts';
import { readModelGraph } from '../graph.ts';
import { floats, type Session, type Value } from '../session.ts';
import { AttentionRecord } from './attention-record.ts';
import { sample } from './sampler.ts';
import { readScheduler } from './scheduler.ts';
import { type StepControl, steerFeeds } from './steer-feeds.ts';
import { type SteerPlan, sampleSteered } from './steer-sampler.ts';
import { steerable } from './steerable.ts';
import { instrumentUnet } from './unet.ts';

interface Golden {
  readonly dims: readonly [number, number, number];
  readonly tokens: number;
  readonly width: number;
  readonly steps: number;
  readonly guidance: number;
  readonly noise: readonly number[];
  readonly texts: readonly (readonly number[])[];
  readonly uneven: readonly number[];
  readonly refine: readonly number[];
  readonly alphas: readonly number[];
  readonly results: Readonly<
    Record<
      string,
      {
        readonly source: readonly number[];
        readonly target: readonly number[];
        readonly daam: readonly (readonly number[])[];
      }
    >
  >;
  readonly unet: string;
}

const golden: Golden = JSON.parse(readFileSync(new URL('./golden-steer.json', import.meta.url), 'utf8'));
const { tokens, steps } = golden;
const [, height, width] = golden.dims;
const graph = readModelGraph(new Uint8Array(Buffer.from(golden.unet, 'base64')), 'unet', 'unet');
const instrumented = instrumentUnet(graph);
const text = (data: readonly number[]) => ({ tokens, width: golden.width, data: Float32Array.from(data) });
const [unconditional, source, target, hidden] = golden.texts.map(text);
const identity = Float32Array.from({ length: tokens ** 2 }, (_, at) => (at % (tokens + 1) === 0 ? 1 : 0));
const ones = new Float32Array(tokens).fill(1);
const fields = {
  beta_schedule: 'squaredcos_cap_v2',
  prediction_type: 'v_prediction',
  timestep_spacing: 'trailing',
  rescale_betas_zero_snr: true,
  clip_sample: false,
};
const scheduler = readScheduler(fields);
const fresh = (index: number) =>
  Float32Array.from(golden.noise, (value) => value * (1 - 0.3 * index)).reverse();

let session: Session;
let plain: InferenceSession;
beforeAll(async () => {
  const options = { intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
  plain = await InferenceSession.create(Buffer.from(golden.unet, 'base64'), options);
  const data = new Uint8Array(Buffer.from(golden.unet, 'base64'));
  session = steerable(await open(instrumented.graph, { path: graph.location, data }), instrumented);
});
afterAll(() => session.release());

async function open(bytes: Uint8Array, weights: { path: string; data: Uint8Array }): Promise<Session> {
  const options = { intraOpNumThreads: 1, logSeverityLevel: 3, externalData: [weights] } as const;
  const opened = await InferenceSession.create(bytes, options);
  return {
    inputs: opened.inputNames,
    outputs: opened.outputNames,
    run: async (feeds, fetch) => runOn(opened, feeds, fetch),
    release: () => opened.release(),
  };
}

async function runOn(
  on: InferenceSession,
  feeds: Readonly<Record<string, Value>>,
  fetch: readonly string[],
): Promise<Readonly<Record<string, Value>>> {
  const tensors = Object.entries(feeds).map(([name, { type, data, dims }]) => [
    name,
    new Tensor(type, data as Tensor['data'], dims),
  ]);
  const results = await on.run(Object.fromEntries(tensors), [...fetch]);
  return Object.fromEntries(
    fetch.map((name) => [
      name,
      {
        type: 'float32',
        dims: results[name]!.dims,
        data: Float32Array.from(results[name]!.data as Float32Array),
      },
    ]),
  );
}

const nothing: StepControl = { cross: null, self: new Set(), addend: null };
const everySelf = new Set(instrumented.selfTaps.map(({ site }) => site));
const cross = (change: Partial<NonNullable<StepControl['cross']>> = {}) => ({
  map: identity,
  gate: ones,
  factor: ones,
  renormalise: false,
  ...change,
});
const factor = (token: number, value: number) => ones.map((one, at) => (at === token ? value : one));

interface Case {
  readonly second?: ReturnType<typeof text> | undefined;
  readonly texts?: SteerPlan['target'];
  readonly at: (step: number) => StepControl;
  readonly blend?: SteerPlan['blend'];
}

const swapped = {
  ...source!,
  data: source!.data.map((value, at) => (at >= 2 * golden.width ? hidden!.data[at]! : value)),
};
const cells = regionOf(
  Uint8Array.from({ length: 256 }, (_, at) => {
    const [y, x] = [Math.floor(at / 16), at % 16];
    return y >= 2 && y < 8 && x >= 6 && x < 15 ? 1 : 0;
  }),
);

const cases: Readonly<Record<string, Case>> = {
  plain: { at: () => nothing },
  replace: {
    at: (step) => ({
      ...nothing,
      cross: step < 4 ? cross({ map: Float32Array.from(golden.uneven) }) : null,
      self: step < 2 ? everySelf : new Set(),
    }),
  },
  refine: {
    at: (step) => ({
      ...nothing,
      cross:
        step < 3
          ? cross({ map: Float32Array.from(golden.refine), gate: Float32Array.from(golden.alphas) })
          : null,
      self: step < 2 ? everySelf : new Set(),
    }),
  },
  reweight: { second: source, at: () => ({ ...nothing, cross: cross({ factor: factor(3, -1.5) }) }) },
  renormalised: {
    second: source,
    at: () => ({ ...nothing, cross: cross({ factor: factor(1, 3), renormalise: true }) }),
  },
  blend: {
    at: (step) => ({ ...nothing, cross: step < 2 ? cross() : null, self: step < 1 ? everySelf : new Set() }),
    blend: blending([2], [2, 3]),
  },
  values: {
    texts: (step) => (step < 4 ? swapped : source!),
    at: (step) => ({ ...nothing, cross: step < 4 ? cross() : null }),
  },
  paint: {
    second: source,
    at: (step) => ({
      ...nothing,
      addend:
        step < 3
          ? ({ queries }) => {
              const rows = Math.round(Math.sqrt((queries! * height) / width));
              const addend = new Float32Array(queries! * tokens);
              regionMask(cells, rows, queries! / rows).data.forEach((inside, query) => {
                addend[query * tokens + 3] = inside ? 2.5 : -2.5;
              });
              return addend;
            }
          : null,
    }),
  },
};

function blending(first: readonly number[], second: readonly number[]): SteerPlan['blend'] {
  const sums = [new BlendSum(height, width), new BlendSum(height, width)] as const;
  return (_, captured) => {
    for (const { output } of instrumented.taps) {
      const { dims, data } = floats(captured, output);
      const half = data.length / 2;
      sums[0].add(data.subarray(0, half), dims[1]!, tokens, first);
      sums[1].add(data.subarray(half), dims[1]!, tokens, second);
    }
    const mask = union(sums[0].mask(), sums[1].mask());
    return (one, other) => blendLatents(one, other, mask);
  };
}

describe('steering equals an independent implementation in PyTorch', () => {
  test.each(Object.entries(cases))('%s', async (name, { second, texts, at, blend }) => {
    const record = new AttentionRecord(instrumented.taps, steps, height, width, { image: 1 });
    let last: { source: Float32Array; target: Float32Array } | undefined;
    for await (const step of sampleSteered({
      unet: session,
      scheduler,
      latentDims: golden.dims,
      noise: Float32Array.from(golden.noise),
      fresh,
      unconditional: unconditional!,
      source: source!,
      target: texts ?? (() => second ?? target!),
      feeds: (index) => steerFeeds(instrumented, at(index), tokens),
      steps,
      guidance: golden.guidance,
      guidanceWidth: null,
      capture: instrumented.taps.map(({ output }) => output),
      ...(blend && { blend }),
    })) {
      record.add(step.captured);
      last = step;
    }
    const expected = golden.results[name]!;
    // Five steps of a network in float32, guided three times.
    expect(worst(last!.source, expected.source)).toBeLessThan(1e-3);
    expect(worst(last!.target, expected.target)).toBeLessThan(1e-3);
    for (const [index, token] of [1, 3].entries()) {
      const { map } = daam(record.layers(), [token], 13, 9);
      expect(worst(map.data, expected.daam[index]!)).toBeLessThan(1e-3);
    }
  });

  test('the cases differ from each other by far more than the tolerance', () => {
    const { source: first, target: same } = golden.results.plain!;
    expect(worst(Float32Array.from(first), same)).toBeGreaterThan(0.1);
    for (const [name, result] of Object.entries(golden.results)) {
      if (name !== 'plain') expect(worst(Float32Array.from(result.target), same), name).toBeGreaterThan(0.02);
    }
  });
});

test.each(['DDIMScheduler', 'EulerDiscreteScheduler', 'EulerAncestralDiscreteScheduler', 'LCMScheduler'])(
  'unsteered, both pictures are the one that %s draws',
  async (name) => {
    const own = readScheduler({ ...fields, _class_name: name });
    const shared = {
      unet: session,
      scheduler: own,
      latentDims: golden.dims,
      noise: Float32Array.from(golden.noise),
      fresh,
      unconditional: unconditional!,
      steps,
      guidance: golden.guidance,
      guidanceWidth: null,
      capture: [],
    };
    const alone: Float32Array[] = [];
    for await (const { clean } of sample({ ...shared, conditional: source! })) alone.push(clean);
    const steered = sampleSteered({ ...shared, source: source!, target: () => source!, feeds: () => ({}) });
    let at = 0;
    for await (const step of steered) {
      // Four rows instead of two: the products are summed in another order.
      expect(worst(step.source, [...alone[at]!])).toBeLessThan(1e-4);
      expect(worst(step.target, [...alone[at]!])).toBeLessThan(1e-4);
      at++;
    }
    expect(at).toBe(alone.length);
    expect(at).toBe(steps);
  },
);

test('fed neutrally, the instrumented network is the plain one, bit for bit', async () => {
  const feeds: Record<string, Value> = {
    sample: {
      type: 'float32',
      dims: [2, ...golden.dims],
      data: Float32Array.from([...golden.noise, ...golden.noise.map((value) => -value)]),
    },
    timestep: { type: 'int64', dims: [2], data: BigInt64Array.of(700n, 700n) },
    encoder_hidden_states: {
      type: 'float32',
      dims: [2, tokens, golden.width],
      data: Float32Array.from(golden.texts.slice(0, 2).flat()),
    },
  };
  const [ours, theirs] = [
    await session.run(feeds, ['out_sample']),
    await runOn(plain, feeds, ['out_sample']),
  ];
  expect(floats(ours, 'out_sample').data).toEqual(floats(theirs, 'out_sample').data);
});

function worst(a: Float32Array, b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);
}
