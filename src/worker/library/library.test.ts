import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HubServer, startHub } from '../../../e2e/support/hub-server.ts';
import { VitrineError } from '../../protocol/errors.ts';
import type { FetchProgress, ModelPlace, PlanParams } from '../../protocol/library.ts';
import { addModel } from '../test-support/tiny-model.ts';
import { createLibrary, type LibraryStore } from './library.ts';
import type { Room } from './precision.ts';
import type { Net } from './transfer.ts';
import { memoryVault, type Vault } from './vault.ts';

const large = (seed: number) => Uint8Array.from({ length: 300_000 }, (_, i) => (i * seed + (i >> 8)) & 255);
const json = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const vision = large(31);
const text = large(17);
const side = {
  'config.json': json({ model_type: 'clip' }),
  'tokenizer.json': json({}),
  'tokenizer_config.json': json({ model_max_length: 77 }),
  'preprocessor_config.json': json({ size: 224 }),
};
const clip = { ...side, 'onnx/vision_model.onnx': vision, 'onnx/text_model.onnx': text };
const total = Object.values(clip).reduce((sum, { length }) => sum + length, 0);

/** A machine that has room for everything here. */
const room: Room = { device: 'wasm', halves: false };

let hub: HubServer;
let vault: Vault;
let library: LibraryStore;
let online: boolean;
let clock: number;

beforeAll(async () => {
  hub = await startHub();
  hub.put('owner/clip', clip, { licence: 'apache-2.0' });
  hub.put('owner/twin', { ...side, 'onnx/vision_model.onnx': vision, 'onnx/text_model.onnx': large(5) });
  hub.put('owner/gated', clip, { access: 403 });
});
afterAll(() => hub.close());

beforeEach(() => {
  hub.calm();
  online = true;
  clock = 0;
  vault = memoryVault();
  library = createLibrary(vault, net, () => (clock += 60));
});

const net: Net = {
  fetch: (url, init) => fetch(url, init),
  online: () => online,
  wait: async () => undefined,
};

const at = (id: string): ModelPlace => ({ kind: 'hub', base: hub.base, id, revision: 'main' });
const params = (place: ModelPlace): PlanParams => ({ place, precision: '', preparation: 'read' });
const get = (place = at('owner/clip'), signal = new AbortController().signal) => {
  const reports: FetchProgress[] = [];
  return { reports, promise: library.get(params(place), room, signal, (progress) => reports.push(progress)) };
};
const filesSeen = () => hub.seen.filter(({ path }) => path.startsWith('/cdn/'));

async function failure(promise: Promise<unknown>): Promise<VitrineError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof VitrineError)) throw new Error(`expected a VitrineError, got ${String(thrown)}`);
  return thrown;
}

describe('the price', () => {
  it('is told without fetching a file', async () => {
    const plan = await library.plan(params(at('owner/clip')), room, new AbortController().signal);
    expect(plan).toMatchObject({
      id: 'owner/clip',
      family: 'contrastive',
      licence: 'apache-2.0',
      host: new URL(hub.base).host,
      totalBytes: total,
      missingBytes: total,
      keeping: 'memory',
      precision: 'fp32',
    });
    expect(hub.seen.map(({ path }) => path)).toEqual([
      '/api/models/owner/clip/revision/main',
      `/api/models/owner/clip/tree/${plan.revision}`,
    ]);
  });

  it('leaves out what is kept, whichever model it came with', async () => {
    await get().promise;
    const again = await library.plan(params(at('owner/clip')), room, new AbortController().signal);
    expect(again.missingBytes).toBe(0);
    const twin = await library.plan(params(at('owner/twin')), room, new AbortController().signal);
    // Only its text model is another.
    expect(twin.missingBytes).toBe(300_000);
  });
});

describe('the precision', () => {
  const planOn = async (machine: Room, precision = '') => {
    const plan = await library.plan(
      { ...params(at('owner/sizes')), precision },
      machine,
      new AbortController().signal,
    );
    return [plan.precision, plan.precisionReason, plan.missingBytes];
  };
  const gpu: Room = { device: 'webgpu', halves: true };

  beforeAll(() => {
    const parts = (ending: string, length: number) => ({
      [`onnx/vision_model${ending}.onnx`]: large(3).subarray(0, length),
      [`onnx/text_model${ending}.onnx`]: large(7).subarray(0, length),
    });
    hub.put('owner/sizes', { ...parts('', 200_000), ...parts('_fp16', 100_000), ...parts('_q8', 50_000) });
  });

  it('follows the machine unless it is chosen, and says why', async () => {
    expect(await planOn(room)).toEqual(['fp32', 'exact', 400_000]);
    expect(await planOn(gpu)).toEqual(['fp16', 'halves', 200_000]);
    expect(await planOn({ ...gpu, memoryBytes: 500_000 })).toEqual(['q8', 'memory', 100_000]);
    expect(await planOn(gpu, 'fp32')).toEqual(['fp32', 'asked', 400_000]);
    expect(await planOn({ ...gpu, memoryBytes: 500_000 }, 'fp32')).toEqual(['fp32', 'tight', 400_000]);
  });
});

describe('getting a model', () => {
  it('keeps every file once, checked, and finds the model again', async () => {
    const { promise, reports } = get();
    const model = await promise;
    expect(model.files.find(({ role }) => role === 'vision_model')).toMatchObject({ sha256: sha256(vision) });
    expect(reports.at(-1)).toMatchObject({ done: total, total });
    expect(reports.every(({ done }, i) => done >= (reports[i - 1]?.done ?? 0))).toBe(true);
    expect(reports.some(({ bytesPerSecond }) => bytesPerSecond !== undefined && bytesPerSecond > 0)).toBe(
      true,
    );
    const source = await library.find('owner/clip');
    const bytes = await source!.files.text_model!.read(new AbortController().signal, () => undefined);
    expect(Buffer.from(bytes).equals(Buffer.from(text))).toBe(true);
    expect(await library.models()).toEqual([model]);
    await get(at('owner/twin')).promise;
    expect(filesSeen().filter(({ path }) => path.includes('vision_model'))).toHaveLength(1);
  });

  it('goes on where it was stopped, in another session too', async () => {
    const controller = new AbortController();
    const stopped = library.get(params(at('owner/clip')), room, controller.signal, ({ done }) => {
      if (done > 100_000) controller.abort();
    });
    expect((await failure(stopped)).code).toBe('cancelled');
    const [part] = await vault.parts();
    expect(part?.bytes).toBeGreaterThan(0);
    hub.calm();
    library = createLibrary(vault, net, () => 0);
    await get().promise;
    expect(filesSeen()[0]?.range).toBe(`bytes=${part!.bytes}-`);
    expect(await vault.parts()).toEqual([]);
  });

  it('starts a file over where the server refuses ranges, and says so', async () => {
    hub.faults.cut = { after: 50_000, times: 1 };
    hub.faults.ranges = false;
    const { promise, reports } = get();
    const model = await promise;
    expect(model.files.find(({ role }) => role === 'vision_model')?.sha256).toBe(sha256(vision));
    expect(reports.some(({ restarted }) => restarted)).toBe(true);
  });

  it('heals connections that break again and again, as long as bytes come', async () => {
    hub.faults.cut = { after: 40_000, times: 12 };
    await get().promise;
    expect(filesSeen().length).toBeGreaterThan(8);
    expect(
      filesSeen()
        .slice(1, 7)
        .every(({ range }) => range !== undefined),
    ).toBe(true);
  });

  it('waits out a busy server, and gives up on one that stays so', async () => {
    hub.faults.status = { code: 503, times: 2 };
    await get().promise;
    hub.calm();
    await library.remove('');
    hub.faults.status = { code: 429, times: 100 };
    expect(await failure(get().promise)).toMatchObject({ code: 'network' });
    expect(filesSeen().length).toBe(0);
  });

  it('fetches a damaged file once more, and refuses it the second time', async () => {
    hub.faults.flips = 1;
    await get().promise;
    await library.remove('');
    hub.faults.flips = 2;
    const error = await failure(get().promise);
    expect(error).toMatchObject({ code: 'model-corrupt', detail: { file: 'onnx/vision_model.onnx' } });
    expect((await vault.parts()).reduce((sum, { bytes }) => sum + bytes, 0)).toBe(0);
  });

  it('finds a small file that git knows by another hash', async () => {
    const lying = {
      ...net,
      fetch: async (url: string, init: RequestInit) => {
        const response = await fetch(url, init);
        if (!url.endsWith('tokenizer_config.json')) return response;
        return new Response((await response.text()).replace('77', '78'), response);
      },
    };
    library = createLibrary(vault, lying, () => 0);
    expect(await failure(get().promise)).toMatchObject({
      code: 'model-corrupt',
      detail: { file: 'tokenizer_config.json' },
    });
  });

  it.each([
    ['owner/gated', 'gated', { id: 'owner/gated', status: 403 }],
    ['owner/none', 'model-missing', { id: 'owner/none' }],
  ])('names why %s cannot be had', async (id, code, detail) => {
    expect(await failure(get(at(id)).promise)).toMatchObject({ code, detail });
  });

  it('tells offline from an unreachable host', async () => {
    const nowhere: ModelPlace = { kind: 'hub', base: 'http://127.0.0.1:9', id: 'a/b', revision: 'main' };
    expect(await failure(get(nowhere).promise)).toMatchObject({
      code: 'network',
      detail: { host: '127.0.0.1:9' },
    });
    online = false;
    expect((await failure(get(nowhere).promise)).code).toBe('offline');
  });

  it('keeps what has come when the room ends in the midst, and goes on once there is some', async () => {
    const noRoom = () => new VitrineError('quota', 'full', { bytes: 1 });
    const narrow = memoryVault(400_000, noRoom);
    // The browser promised more than it gives.
    vault = { ...narrow, free: async () => 10_000_000 };
    library = createLibrary(vault, net, () => 0);
    const error = await failure(get().promise);
    expect(error.code).toBe('quota');
    // How much is still to come, not how large the refused piece was.
    expect(error.detail.bytes).toBeGreaterThan(total - 400_000 - 1);
    const kept = [...(await vault.list()), ...(await vault.parts())];
    expect(kept.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(300_000);
    expect(await library.models()).toEqual([]);
    const plan = await library.plan(params(at('owner/clip')), room, new AbortController().signal);
    expect(plan.missingBytes).toBeLessThan(total - 300_000);
  });

  it('does not begin what has no room', async () => {
    vault = memoryVault(500_000);
    library = createLibrary(vault, net, () => 0);
    const error = await failure(get().promise);
    expect(error).toMatchObject({ code: 'quota', detail: { bytes: total, free: 500_000 } });
    expect(filesSeen()).toEqual([]);
  });
});

describe('files of the visitor', () => {
  const place = (files: Readonly<Record<string, Uint8Array>>): ModelPlace => ({
    kind: 'files',
    name: Object.keys(files).length === 1 ? Object.keys(files)[0]! : 'folder',
    files: Object.entries(files).map(([path, bytes]) => ({ path, data: new Blob([Buffer.from(bytes)]) })),
  });

  it('are copied in and found by their content', async () => {
    const model = await get(place(clip)).promise;
    expect(model).toMatchObject({ family: 'contrastive', origin: 'folder' });
    expect(model.id).toBe(`files:folder-${sha256(vision).slice(0, 8)}`);
    expect(hub.seen).toEqual([]);
  });

  it('say by name what is no model, and what takes no picture', async () => {
    expect(await failure(get(place({ 'broken.onnx': large(3) })).promise)).toMatchObject({
      code: 'model-corrupt',
      detail: { file: 'broken.onnx' },
    });
    expect(await failure(get(place({ 'sum.onnx': addModel })).promise)).toMatchObject({
      code: 'unsupported',
      detail: { what: 'a, b' },
    });
    expect((await failure(get(place({ 'notes.txt': text })).promise)).code).toBe('unsupported');
    expect(await library.models()).toEqual([]);
  });
});

describe('a URL', () => {
  it('is asked for its length first, and resumed by its version', async () => {
    const url = `${hub.base}/owner/clip/resolve/main/onnx/vision_model.onnx`;
    const plan = await library.plan(params({ kind: 'url', url }), room, new AbortController().signal);
    expect(plan).toMatchObject({ family: 'backbone', missingBytes: 300_000, preparation: 'imagenet' });
    expect(hub.seen.every(({ method }) => method === 'HEAD')).toBe(true);
  });
});

describe('removing', () => {
  it('keeps the files that another model has too', async () => {
    await get().promise;
    await get(at('owner/twin')).promise;
    await library.remove('owner/clip');
    expect((await library.models()).map(({ id }) => id)).toEqual(['owner/twin']);
    expect(await vault.size(sha256(vision))).toBe(300_000);
    expect(await vault.size(sha256(text))).toBeUndefined();
    expect(await library.find('owner/clip')).toBeUndefined();
    await library.remove('');
    expect([await vault.list(), await vault.notes()]).toEqual([[], []]);
  });
});
