import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { cleanup, render } from 'vitest-browser-react';
import type { Dissection, DissectionRow, RefereeReport, UnitEvidence } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Pixels } from '../protocol/image.ts';
import type { JobKind, Jobs } from '../protocol/jobs.ts';
import type { Survey } from '../protocol/neurons.ts';
import type { Host } from '../state/engine.ts';
import type { Runner } from '../state/run.ts';
import { type AddressBar, createVitrine } from '../state/vitrine.ts';
import { grid, tensor } from '../tensor/tensor.ts';
import { VitrineProvider } from './context.ts';
import { NeuronsView } from './neurons/neurons-view.tsx';
import './page.css';

const labels = [
  ['wheel', 'part'],
  ['tree', 'object'],
  ['red', 'color'],
  ['night', 'scene'],
  ['grass', 'material'],
] as const;

/** Sixty units: every seventh dead, every fourth a detector. */
function rowsOf(weights: 'trained' | 'shuffled' | undefined): readonly DissectionRow[] {
  const best = weights === 'shuffled' ? 0.045 : 0.3;
  return Array.from({ length: 60 }, (_, unit) => {
    const [concept, category] = labels[unit % labels.length]!;
    const [next, nextCategory] = labels[(unit + 1) % labels.length]!;
    const iou = unit % 4 === 0 ? best * (1 - unit / 120) : 0.02;
    return {
      unit,
      concept,
      category,
      iou,
      ceiling: 0.8,
      coverage: iou / 2,
      auc: 0.5 + iou,
      threshold: 1 + unit / 100,
      runnerUp: next,
      runnerUpIou: iou / 2,
      next: [{ concept: next, category: nextCategory, iou: iou / 2 }],
      dead: unit % 7 === 6,
    };
  });
}

function picture(): Pixels {
  const data = new Uint8ClampedArray(16 * 16 * 4);
  for (let i = 0; i < 256; i += 1) data.set([180, 200 - (i % 16) * 6, 160, 255], i * 4);
  return { width: 16, height: 16, data };
}

const evidence: UnitEvidence = {
  distribution: {
    edges: Float32Array.of(-1, 0, 1, 2, 3),
    inside: Float32Array.of(0.1, 0.2, 0.3, 0.4),
    outside: Float32Array.of(0.7, 0.25, 0.04, 0.01),
    insidePixels: 900,
    outsidePixels: 99_100,
  },
  labels: [
    { concept: 'wheel', category: 'part', iou: 0.3 },
    { concept: 'tree', category: 'object', iou: 0.1 },
  ],
  sentence: {
    heads: [
      {
        concept: 'wheel',
        category: 'part',
        weight: 2.3,
        rate: 0.5,
        otherwise: 0.07,
        usualPixels: 40,
        images: 30,
      },
    ],
    less: [],
    mostly: [{ concept: 'bus', category: 'object', share: 0.8, baseline: 0.3 }],
    rarely: [{ concept: 'night', category: 'scene', share: 0.02, baseline: 0.2 }],
    auc: 0.91,
    images: 1536,
    heldOut: 100,
    fired: 31,
  },
};

const referee: RefereeReport = {
  outcome: 'match',
  intact: { probability: 0.62, named: 0.7, auc: 0.97, clarity: 2.6 },
  ablated: { probability: 0.21, named: 0.1, auc: 0.71, clarity: 0.8 },
  names: ['wheel', 'roof', 'door'],
  matched: Array.from({ length: 100 }, (_, i) => 0.03 * Math.sin(i) + 0.01),
  percentile: 1,
  matchRatio: 1.02,
  scenesWith: 48,
  scenesWithout: 48,
};

function layer(site: string, units: number, found: number) {
  return { site, units, dead: 1, detectors: { part: found, object: 2 }, concepts: 3, bestIou: 0.2 };
}

const survey: Survey = {
  layers: [0, 1, 2].map((block) => ({
    trained: layer(`vision.blocks.${block}.mlp.post`, 100, 10 * (block + 1)),
    control: layer(`vision.blocks.${block}.mlp.post`, 100, 4),
  })),
  recipe: 'netdissect',
  quantile: 0.005,
  scenes: 48,
  seed: 1,
  device: 'wasm',
  elapsedMs: 900,
};

/** What a worker would answer; `calls` is what it was asked. */
function answer<K extends JobKind>(kind: K, params: Jobs[K]['params']): unknown {
  const site = 'site' in params ? params.site : '';
  switch (kind) {
    case 'sites':
      return ['vision.blocks.0.mlp.post', 'vision.blocks.1.mlp.post', 'vision.blocks.1.resid_post'].map(
        (name) => ({ name, kind: 'mlp.post', axes: ['batch', 'position', 'channel'], units: 60 }),
      );
    case 'dissect': {
      const weights = 'weights' in params ? params.weights : undefined;
      const result: Dissection = {
        site,
        recipe: 'netdissect',
        quantile: 0.005,
        thresholdError: 0,
        scenes: 64,
        seed: 1,
        rows: rowsOf(weights),
        device: 'wasm',
        elapsedMs: 1500,
      };
      return result;
    }
    case 'unit':
      return {
        examples: Array.from({ length: 9 }, (_, i) => ({
          sceneSeed: i,
          caption: `a scene ${i}`,
          image: picture(),
          activation: grid(2, 2, Float32Array.of(0, 3, 0.5, 2)),
          peak: 3 - i / 10,
        })),
      };
    case 'unitEvidence':
      return evidence;
    case 'surveyLayers':
      return survey;
    case 'pictureUnits': {
      const data = new Float32Array(60 * 4);
      // Unit 3 fires at the last place only, unit 5 at the first, twice as high.
      data[3 * 4 + 3] = 2;
      data[5 * 4] = 4.2;
      return {
        image: picture(),
        maps: tensor(['unit', 'y', 'x'], [60, 2, 2], data),
        cautions: [],
        device: 'wasm',
        elapsedMs: 20,
      };
    }
    case 'referee':
      return referee;
    default:
      return undefined;
  }
}

async function open(fragment: string) {
  const calls: { readonly kind: JobKind; readonly params: Readonly<Record<string, unknown>> }[] = [];
  const client: Runner & Host = {
    info: () =>
      Promise.resolve({ device: 'wasm', webgpu: 'unavailable', threads: 1, isolated: false, halves: false }),
    chooseDevice: () => Promise.reject(new VitrineError('device', 'none')),
    onFallback: () => undefined,
    run: <K extends JobKind>(kind: K, params: Jobs[K]['params']) => {
      calls.push({ kind, params: { ...params } });
      return Promise.resolve(answer(kind, params) as Jobs[K]['result']);
    },
  };
  let address = `#view=neurons&language=en&${fragment}`;
  const write = (next: string) => {
    address = `#${next}`;
  };
  const bar: AddressBar = { read: () => address, push: write, replace: write, listen: () => {} };
  const vitrine = createVitrine({
    runner: client,
    bar,
    intake: {
      encode: () => Promise.resolve('wAAAA'),
      picture: () => Promise.resolve(picture()),
      decode: () => Promise.resolve(picture()),
    },
  });
  vitrine.open();
  await render(
    <VitrineProvider value={vitrine}>
      <NeuronsView />
    </VitrineProvider>,
  );
  const of = (kind: JobKind) => calls.filter((call) => call.kind === kind);
  return { of, address: () => new URLSearchParams(address.slice(1)), vitrine };
}

const dissected = 'site=vision.blocks.1.mlp.post&scenes=64&run=1';

afterEach(() => cleanup());

describe('the neurons page', () => {
  it('shows the table with its categories as filters, and keeps search, order and filters in the address', async () => {
    const { address } = await open(dissected);
    await expect.element(page.getByRole('grid', { name: 'Neurons' })).toHaveAttribute('aria-rowcount', '61');
    // Every fourth unit detects but 20 and 48, which are dead; wheels are units 0, 5, 10 ...: 0 and 40 are left.
    const wheels = page.getByRole('button', { name: 'part: 2 detectors; show only these' });
    await wheels.click();
    await expect.element(wheels).toHaveAttribute('aria-pressed', 'true');
    await expect.element(page.getByText('12 of 60 units, 13 detectors')).toBeVisible();
    await page.getByLabelText('Filter by concept').fill('tree');
    // The runner-up of every wheel unit is a tree: next-best labels are searched as well.
    await expect.element(page.getByText('10 of 60 units, 13 detectors')).toBeVisible();
    await page.getByLabelText('Filter by concept').fill('wheel boat');
    await expect.element(page.getByText('No unit fits the filter.')).toBeVisible();
    await page.getByRole('button', { name: 'Threshold' }).click();
    expect(Object.fromEntries(address())).toMatchObject({
      category: 'part',
      find: 'wheel boat',
      sort: 'threshold.descending',
    });
  });

  it('opens a unit with its sentence, score, distribution and labels', async () => {
    const { of } = await open(`${dissected}&unit=0`);
    const card = page.getByRole('region', { name: 'Unit 0' });
    await expect.element(card.getByText('Fires on wheels, mostly of buses, rarely at night.')).toBeVisible();
    await expect.element(card.getByText(/AUC 0.91 \(chance 0.50\), on 100 scenes/)).toBeVisible();
    await card.getByText('What the sentence rests on').click();
    await expect.element(card.getByRole('row', { name: 'wheel 30 50% 7% × 10' })).toBeVisible();
    await expect
      .element(card.getByText('bus: 80% of where it fires on “wheel”, 30% of “wheel” altogether'))
      .toBeVisible();
    await expect
      .element(card.getByRole('img', { name: 'Activation inside and outside of the concept' }))
      .toBeVisible();
    await expect.element(card.getByRole('row', { name: /wheel.*0.300/ })).toBeVisible();
    expect(card.getByRole('application').elements()).toHaveLength(9);
    expect(of('unitEvidence')[0]!.params).toMatchObject({
      unit: 0,
      threshold: 1,
      concept: 'wheel',
      category: 'part',
    });
  });

  it('counts the detectors of every layer beside shuffled weights; a layer opens its table', async () => {
    const { of, address } = await open('panel=layers');
    await page.getByRole('button', { name: 'Count every layer' }).click();
    const row = page.getByRole('row', { name: /^Block 2, MLP neurons/ }).first();
    await expect.element(row).toHaveTextContent('Block 2, MLP neuronsobject 2%part 20%22%6%');
    expect(of('surveyLayers')[0]!.params.sites).toHaveLength(3);
    await page.getByRole('button', { name: 'Block 2, MLP neurons' }).click();
    await expect.element(page.getByRole('grid', { name: 'Neurons' })).toBeVisible();
    expect(Object.fromEntries(address())).toMatchObject({ panel: 'units', run: '1', survey: '1' });
  });

  it('names the units that fire on a picture, and at a place of it', async () => {
    const { address } = await open(`${dissected}&panel=picture`);
    await expect.element(page.getByText('2 of 52 live units rise above their threshold')).toBeVisible();
    const units = page.getByRole('region', { name: 'Units that fire on this picture' });
    await expect
      .element(units.getByRole('listitem').first())
      .toHaveTextContent('Unit 5wheel4.00 × threshold');
    const map = page.getByRole('application', { name: /^The picture/ });
    (map.element() as HTMLElement).focus();
    // The cursor starts on the cell right of and below the middle: the last one.
    await userEvent.keyboard('{ArrowRight}{Enter}');
    await expect.element(page.getByText('Strongest at row 2, column 2')).toBeVisible();
    await expect.element(units.getByRole('listitem').first()).toHaveTextContent('Unit 3');
    expect(address().get('place')).toBe('3');
  });

  it('sets the layer against itself with shuffled weights, and against another', async () => {
    const { of } = await open(`${dissected}&panel=compare`);
    await expect.element(page.getByText('13 of 60 units are detectors, against 4 of 60.')).toBeVisible();
    expect(of('dissect').map(({ params }) => params.weights)).toEqual([undefined, 'shuffled']);
    await page.getByRole('radio', { name: 'Another layer' }).click({ force: true });
    await page.getByLabelText('Other layer', { exact: true }).selectOptions('Block 1, MLP neurons');
    await expect.element(page.getByText('13 of 60 units are detectors, against 13 of 60.')).toBeVisible();
  });

  it('calls the referee on the best units of a concept, or on those chosen', async () => {
    const { of, address } = await open(`${dissected}&panel=referee&concept=object.tree`);
    await page.getByRole('button', { name: 'Switch them off' }).click();
    await expect
      .element(page.getByText(/gives “tree” 21% instead of 62% .* greater loss than that of 100% of 100/))
      .toBeVisible();
    await expect.element(page.getByRole('img', { name: /^Losses of 100 matched random sets/ })).toBeVisible();
    const { units, concept } = of('referee')[0]!.params;
    expect(concept).toBe('tree');
    // Trees are units 1, 6, 11 ...; 6, 27, 41, 48 and so on are dead, and ten go.
    expect(units).toHaveLength(10);
    expect(units).not.toContain(6);
    await page.getByRole('button', { name: 'Switch on again: Unit 16' }).click();
    await expect.element(page.getByRole('button', { name: 'Switch them off' })).toBeVisible();
    expect(address().get('off')?.split(',')).toHaveLength(9);
  });
});
