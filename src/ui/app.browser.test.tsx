import { afterEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { cleanup, render } from 'vitest-browser-react';
import type { Fallback, RuntimeInfo } from '../protocol/engine.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Pixels } from '../protocol/image.ts';
import type { GenerateParams, GenerateProgress, Generation, JobKind, Jobs } from '../protocol/jobs.ts';
import type { Host } from '../state/engine.ts';
import type { Runner } from '../state/run.ts';
import { type AddressBar, createVitrine } from '../state/vitrine.ts';
import { tensor } from '../tensor/tensor.ts';
import { App } from './app.tsx';
import { VitrineProvider } from './context.ts';
import './page.css';

function picture(): Pixels {
  return { width: 8, height: 8, data: new Uint8ClampedArray(256).fill(200) };
}

/** One layer of 2 x 3 positions in which each word has one position of its own. */
function generation({ prompt, steps }: GenerateParams): Generation {
  const texts = prompt.split(' ');
  const tokens = texts.length + 1;
  const data = new Float32Array(steps * 6 * tokens).fill(0.1 / (tokens - 1));
  for (let row = 0; row < steps * 6; row += 1) data[row * tokens + 1 + (row % (tokens - 1))] = 0.9;
  return {
    reading: {
      tokens: [
        { position: 0, id: 0, text: '<start>', special: true, word: -1 },
        ...texts.map((text, word) => ({ position: word + 1, id: 4 + word, text, special: false, word })),
      ],
      words: texts.map((text, word) => ({ text, positions: [word + 1], known: text !== 'zebra' })),
      cut: [],
    },
    image: picture(),
    attention: [
      {
        site: 'unet.mid.attn2.pattern',
        gridHeight: 2,
        gridWidth: 3,
        pattern: tensor(['step', 'head', 'query', 'token'], [steps, 1, 6, tokens], data),
      },
    ],
    self: [],
    products: [],
    probes: [],
    probeAttention: [],
    film: { latentDims: [1, 1, 1], latents: new Float32Array(2), signal: [0, 1] },
    memory: { budget: 0, used: 0 },
    crossMemory: { budget: 0, used: 0, thinning: 'none' },
    cautions: texts.includes('zebra') ? [{ kind: 'unknown-words', words: ['zebra'] }] : [],
    device: 'wasm',
    elapsedMs: 1200,
  };
}

interface Pending {
  readonly params: GenerateParams;
  readonly report: (done: number) => void;
  readonly finish: (changed?: object) => void;
  readonly fail: (error: VitrineError) => void;
}

/** The page over a client whose generations the test finishes by hand. */
async function open(fragment = '', device: 'webgpu' | 'wasm' = 'wasm') {
  const pending: Pending[] = [];
  const chosen: string[] = [];
  let tell: (fallback: Fallback) => void = () => undefined;
  const info: RuntimeInfo = {
    device,
    webgpu: device === 'wasm' ? 'unavailable' : 'available',
    threads: 1,
    isolated: false,
    halves: false,
  };
  const client: Runner & Host = {
    info: () => Promise.resolve(info),
    chooseDevice: (wanted) => {
      chosen.push(wanted);
      return device === 'wasm' ? Promise.reject(new VitrineError('device', 'none')) : Promise.resolve(info);
    },
    onFallback: (listener) => {
      tell = listener;
    },
    run: <K extends JobKind>(
      kind: K,
      params: Jobs[K]['params'],
      options: { readonly onProgress: (progress: Jobs[K]['progress']) => void },
    ) =>
      new Promise<Jobs[K]['result']>((resolve, reject) => {
        if (kind !== 'generate') return;
        const mine = params as GenerateParams;
        const report = options.onProgress as (progress: GenerateProgress) => void;
        pending.push({
          params: mine,
          report: (done) =>
            report({ done, total: mine.steps, elapsedMs: 1, leftMs: 3000, phase: 'run', preview: picture() }),
          finish: (changed) => resolve({ ...generation(mine), ...changed } as Jobs[K]['result']),
          fail: reject,
        });
      }),
  };
  let address = fragment;
  const write = (next: string) => {
    address = next;
  };
  const bar: AddressBar = { read: () => address, push: write, replace: write, listen: () => {} };
  const intake = {
    encode: () => Promise.reject(new VitrineError('bad-image', 'no', { reason: 'not-an-image' })),
    picture: () => Promise.resolve(picture()),
    decode: () => Promise.resolve(picture()),
  };
  const vitrine = createVitrine({ runner: client, bar, intake });
  vitrine.open();
  await render(
    <VitrineProvider value={vitrine}>
      <App />
    </VitrineProvider>,
  );
  return { pending, address: () => address, chosen, lose: (fallback: Fallback) => tell(fallback) };
}

afterEach(() => cleanup());

describe('the page', () => {
  it('opens on a running example, then lights its word and lets words be compared', async () => {
    const { pending, address } = await open('#view=attention&language=en');
    pending[0]!.report(3);
    await expect.element(page.getByText('Step 3 of 20')).toBeVisible();
    await expect.element(page.getByText('about 3.0 s left')).toBeVisible();
    pending[0]!.finish();
    const car = page.getByRole('button', { name: /^car/ });
    await expect.element(car).toHaveAttribute('aria-pressed', 'true');
    await expect.element(page.getByRole('application', { name: /Attention to “car”/ })).toBeVisible();
    performance.clearMarks();
    await page.getByRole('button', { name: /^lawn/ }).click();
    await expect.element(page.getByRole('application', { name: 'lawn' })).toBeVisible();
    expect(address()).toContain('words=car%2Clawn');
    expect(performance.getEntriesByName('word-click')).toHaveLength(1);
    await expect.poll(() => performance.getEntriesByName('heatmap-drawn').length).toBeGreaterThan(0);
  });

  it('says when the GPU went and what goes on, keeps what is shown, and offers WebGPU again', async () => {
    const { pending, chosen, lose } = await open('#view=attention&language=en', 'webgpu');
    pending[0]!.finish();
    const car = page.getByRole('button', { name: /^car/ });
    await expect.element(car).toBeVisible();
    lose({ why: 'lost', message: 'gone' });
    const notice = page.getByText(/The graphics processor stopped answering/);
    await expect.element(notice).toBeVisible();
    await expect.element(car).toBeVisible();
    await page.getByRole('button', { name: 'Try WebGPU again' }).click();
    expect(chosen).toEqual(['webgpu']);
    await expect.element(notice).not.toBeInTheDocument();
    lose({ why: 'full', message: 'gone' });
    await expect.element(page.getByText(/had no memory left/)).toBeVisible();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.element(page.getByText(/had no memory left/)).not.toBeInTheDocument();
  });

  it('stops in mid-run and keeps the earlier picture, marked as such', async () => {
    const { pending } = await open('#view=attention&language=en');
    pending[0]!.finish();
    await page.getByRole('button', { name: 'Another picture of it' }).click();
    pending[1]!.report(2);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.element(page.getByText('Stopped. What you see is the earlier result.')).toBeVisible();
    await expect.element(page.getByText('This is the earlier result.')).toBeVisible();
    await expect.element(page.getByRole('button', { name: /^car/ })).toBeVisible();
  });

  it('says what is wrong beside its cause: empty prompt, unknown word, missing word, bad link, crash', async () => {
    const { pending } = await open('#view=attention&language=en&prompt=a+zebra&words=boat&steps=zero');
    await expect.element(page.getByText(/“steps” cannot be “zero”/)).toBeVisible();
    pending[0]!.finish();
    await expect.element(page.getByText(/Not in this model’s vocabulary: zebra/)).toBeVisible();
    await expect.element(page.getByText(/Not in this prompt: boat/)).toBeVisible();
    const prompt = page.getByRole('textbox', { name: 'Prompt' });
    await prompt.fill('  ');
    await page.getByRole('button', { name: 'Generate' }).click();
    await expect.element(page.getByText(/Type a prompt first/)).toBeVisible();
    expect(pending).toHaveLength(1);
    await prompt.fill('a boat');
    await userEvent.keyboard('{Enter}');
    pending[1]!.fail(new VitrineError('worker-crashed', 'gone'));
    await expect.element(page.getByText(/ended unexpectedly/)).toBeVisible();
    await page.getByRole('button', { name: 'Restart' }).click();
    await expect.poll(() => pending.length).toBe(3);
  });

  it('tells a broken part in its place, keeps the rest, and leads back', async () => {
    const silent = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { pending, address } = await open('#view=attention&language=en');
    const prompt = page.getByRole('textbox', { name: 'Prompt' });
    await prompt.fill('a boat at sea');
    await userEvent.keyboard('{Enter}');
    pending[1]!.finish({ cautions: null });
    await expect.element(page.getByRole('alert')).toHaveTextContent(/This part of the page broke/);
    // The page around it works.
    await page.getByRole('tab', { name: 'Models' }).click();
    await expect
      .element(page.getByText('This part of the page broke', { exact: false }))
      .not.toBeInTheDocument();
    await page.getByRole('tab', { name: 'Attention' }).click();
    await page.getByRole('button', { name: 'Put the results away' }).click();
    await expect.element(page.getByRole('textbox', { name: 'Prompt' })).toHaveValue('a boat at sea');
    expect(address()).toContain('prompt=a+boat+at+sea');
    await page.getByRole('button', { name: 'Generate' }).click();
    pending.at(-1)!.finish();
    await expect.element(page.getByRole('button', { name: /^boat/ })).toBeVisible();
    silent.mockRestore();
  });

  it('names what the machine lacks', async () => {
    await open('#view=attention&language=en');
    await expect.element(page.getByText(/offers no WebGPU adapter/)).toBeVisible();
    await expect.element(page.getByRole('radio', { name: 'WebGPU' })).toBeDisabled();
    await expect.element(page.getByText(/isolation headers/)).toBeVisible();
  });

  it('speaks Traditional Chinese when asked to', async () => {
    const { address } = await open('#view=attention&language=en');
    await page.getByRole('radio', { name: '繁體中文' }).click({ force: true });
    await expect.element(page.getByRole('tab', { name: '注意力' })).toBeVisible();
    expect(document.documentElement.lang).toBe('zh-Hant');
    expect(address()).toContain('language=zh-Hant');
  });
});
