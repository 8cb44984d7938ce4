import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VitrineError } from '../protocol/errors.ts';
import { builtSources } from './model-source.ts';
import { createModelStore, type ModelStore } from './model-store.ts';

const content = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31) & 255);
const sha256 = createHash('sha256').update(content).digest('hex');
const index = {
  models: [
    {
      id: 'm',
      family: 'contrastive',
      title: 'M',
      files: {
        vision_model: { path: 'm/vision.onnx', bytes: content.length, sha256 },
        unbuilt: { path: 'm/unbuilt.onnx', bytes: 1, sha256 },
      },
    },
  ],
};

let server: Server;
let store: ModelStore;
let requests: number;
let hangUps: number;
/** What the server does with the nth request, from 1. */
let answer: (n: number) => { status?: number; body?: Uint8Array; cut?: boolean; hang?: boolean };

beforeEach(async () => {
  requests = 0;
  hangUps = 0;
  answer = () => ({});
  server = createServer((_, response) => {
    const { status = 200, body = content, cut = false, hang = false } = answer(++requests);
    response.on('close', () => {
      if (!response.writableFinished) hangUps += 1;
    });
    response.writeHead(status, { 'Content-Length': body.length });
    if (cut) response.write(body.subarray(0, 1000), () => response.destroy());
    else if (hang) response.write(body.subarray(0, 1000));
    else response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  store = createModelStore(builtSources(index, { 'm/vision.onnx': `http://127.0.0.1:${port}/vision.onnx` }));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function failure(promise: Promise<unknown>): Promise<VitrineError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof VitrineError)) throw new Error(`expected a VitrineError, got ${String(thrown)}`);
  return thrown;
}

describe('createModelStore', () => {
  it('fetches once for all callers, with progress up to the whole', async () => {
    const seen: number[] = [];
    const load = () => store.bytes('m', 'vision_model', { onBytes: (done) => seen.push(done) });
    const [one, two] = await Promise.all([load(), load()]);
    expect(Buffer.from(one).equals(Buffer.from(content))).toBe(true);
    expect(two).toBe(one);
    expect(await store.bytes('m', 'vision_model')).toBe(one);
    expect(requests).toBe(1);
    expect(seen.at(-1)).toBe(content.length);
  });

  it('reads again what it was told to forget', async () => {
    await store.bytes('m', 'vision_model');
    expect(store.held()).toBe(content.length);
    await store.forget('m');
    expect(store.held()).toBe(0);
    await store.bytes('m', 'vision_model');
    expect(requests).toBe(2);
  });

  it('names models, roles and files that are not there', async () => {
    expect(await failure(store.bytes('n', 'vision_model'))).toMatchObject({
      code: 'model-missing',
      detail: { id: 'n' },
    });
    expect((await failure(store.bytes('m', 'toString'))).code).toBe('model-missing');
    expect((await failure(store.bytes('m', 'unbuilt'))).code).toBe('model-missing');
    answer = () => ({ status: 404 });
    expect((await failure(store.bytes('m', 'vision_model'))).code).toBe('model-missing');
  });

  it('finds a flipped byte, tries once more, and forgets the failure', async () => {
    const flipped = content.slice();
    flipped[100_000]! ^= 1;
    answer = () => ({ body: flipped });
    const error = await failure(store.bytes('m', 'vision_model'));
    expect(error).toMatchObject({ code: 'model-corrupt', detail: { file: 'm/vision.onnx' } });
    expect(requests).toBe(2);
    answer = () => ({});
    expect((await store.bytes('m', 'vision_model')).length).toBe(content.length);
  });

  it.each([content.length - 1, content.length + 1])('refuses a file of %i bytes', async (length) => {
    const body = new Uint8Array(length);
    body.set(content.subarray(0, length));
    answer = () => ({ body });
    expect((await failure(store.bytes('m', 'vision_model'))).code).toBe('model-corrupt');
  });

  it('heals one broken connection and reports two', async () => {
    answer = (n) => ({ cut: n === 1 });
    expect((await store.bytes('m', 'vision_model')).length).toBe(content.length);
    expect(requests).toBe(2);
  });

  it('reports a connection that stays broken, and servers that refuse', async () => {
    answer = () => ({ cut: true });
    expect(await failure(store.bytes('m', 'vision_model'))).toMatchObject({ code: 'network' });
    answer = () => ({ status: 500 });
    expect(await failure(store.bytes('m', 'vision_model'))).toMatchObject({
      code: 'network',
      detail: { status: 500 },
    });
  });

  it('stops for the one who cancels, and stops the transfer when nobody waits any more', async () => {
    answer = () => ({ hang: true });
    const first = new AbortController();
    const second = new AbortController();
    const arrived = new Promise<void>((resolve) => {
      void failure(
        store.bytes('m', 'vision_model', { signal: first.signal, onBytes: (done) => done > 0 && resolve() }),
      );
    });
    const other = failure(store.bytes('m', 'vision_model', { signal: second.signal }));
    await arrived;
    first.abort();
    expect(hangUps).toBe(0);
    second.abort();
    expect((await other).code).toBe('cancelled');
    await expect.poll(() => hangUps).toBe(1);
    answer = () => ({});
    expect((await store.bytes('m', 'vision_model')).length).toBe(content.length);
    expect(requests).toBe(2);
  });
});
