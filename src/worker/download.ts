import { VitrineError } from '../protocol/errors.ts';
import type { ModelFile } from './model-index.ts';
import { sha256 } from './sha256.ts';

/**
 * Fetches a file and checks its length and SHA-256. One more try after a network error or a wrong content, past the browser's
 * cache: a broken copy in it would else stay for ever. Throws `model-missing` (404), `network`, `model-corrupt`, `cancelled`.
 */
export async function download(
  url: string,
  file: ModelFile,
  model: string,
  signal: AbortSignal,
  onBytes: (done: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await attempt(url, file, model, signal, onBytes, 'default');
  } catch (error) {
    if (!(error instanceof VitrineError) || !(error.code === 'network' || error.code === 'model-corrupt'))
      throw error;
    return await attempt(url, file, model, signal, onBytes, 'reload');
  }
}

async function attempt(
  url: string,
  file: ModelFile,
  model: string,
  signal: AbortSignal,
  onBytes: (done: number) => void,
  cache: RequestCache,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await read(url, file, model, signal, onBytes, cache);
  const digest = await sha256(bytes);
  if (digest !== file.sha256) {
    throw corrupt(file, model, `${file.path} has SHA-256 ${digest} instead of ${file.sha256}`);
  }
  return bytes;
}

async function read(
  url: string,
  file: ModelFile,
  model: string,
  signal: AbortSignal,
  onBytes: (done: number) => void,
  cache: RequestCache,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(file.bytes);
  let done = 0;
  try {
    const response = await fetch(url, { signal, cache });
    if (response.status === 404) {
      throw new VitrineError('model-missing', `no file at ${url}`, { id: model, file: file.path, url });
    }
    if (!response.ok || !response.body) {
      throw new VitrineError('network', `${url} answered ${response.status}`, {
        url,
        status: response.status,
      });
    }
    const reader = response.body.getReader();
    onBytes(0);
    for (;;) {
      const { done: ended, value } = await reader.read();
      if (ended) break;
      if (done + value.length > bytes.length) {
        await reader.cancel();
        throw corrupt(file, model, `${file.path} is longer than ${file.bytes} bytes`);
      }
      bytes.set(value, done);
      done += value.length;
      onBytes(done);
    }
  } catch (error) {
    if (error instanceof VitrineError) throw error;
    if (signal.aborted) throw new VitrineError('cancelled', 'loading was cancelled', {}, error);
    const message = error instanceof Error ? error.message : String(error);
    throw new VitrineError('network', `${url}: ${message}`, { url }, error);
  }
  if (done < bytes.length) throw corrupt(file, model, `${file.path} has ${done} of ${file.bytes} bytes`);
  return bytes;
}

function corrupt(file: ModelFile, model: string, message: string): VitrineError {
  return new VitrineError('model-corrupt', message, { id: model, file: file.path });
}
