import { VitrineError } from '../../protocol/errors.ts';
import { Sha256 } from '../sha256.ts';
import type { Part } from './vault.ts';

/** The network as the library uses it; a scripted one in tests. */
export interface Net {
  fetch(url: string, init: RequestInit): Promise<Response>;
  online(): boolean;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export interface RemoteFile {
  readonly url: string;
  /** For messages. */
  readonly model: string;
  readonly path: string;
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What is known of the content; without either, its length is all that is checked. */
  readonly sha256: string | undefined;
  /** The SHA-1 under which git knows the file. */
  readonly gitOid: string | undefined;
}

export interface TransferHooks {
  readonly signal: AbortSignal;
  readonly onBytes: (done: number) => void;
  /** What was there had to be thrown away: the server refuses ranges, or what it sent was not the file. */
  readonly onRestart: () => void;
}

/** Failures in a row, without a byte in between, before it is given up. */
const PATIENCE = 4;
const FIRST_PAUSE_MS = 400;
const PIECE = 4 * 1024 * 1024;

/**
 * Fetches the rest of a file into its part, and checks the whole. Gives its SHA-256. Goes on after broken connections, from where
 * they broke; a server that refuses ranges sends the whole again. A wrong content is fetched once more, past the HTTP cache.
 * What has come stays in the part when this throws `cancelled`, `offline`, `network`, `gated`, `model-missing` or `quota`;
 * nothing stays after `model-corrupt`.
 */
export async function transfer(
  file: RemoteFile,
  part: Part,
  net: Net,
  hooks: TransferHooks,
): Promise<string> {
  let hash = rehash(part);
  hooks.onBytes(part.size);
  const restart = (): void => {
    if (part.size > 0) hooks.onRestart();
    part.truncate();
    hash = new Sha256();
    hooks.onBytes(0);
  };
  if (part.size > file.bytes) restart();
  for (const cache of ['default', 'reload'] as const) {
    let failures = 0;
    while (part.size < file.bytes) {
      const before = part.size;
      try {
        await receive(file, part, net, hooks.signal, cache, restart, (bytes) => {
          part.append(bytes);
          hash.update(bytes);
          hooks.onBytes(part.size);
        });
        if (part.size < file.bytes) throw new Transient(`${file.url} ended after ${part.size} bytes`);
      } catch (error) {
        if (hooks.signal.aborted) throw new VitrineError('cancelled', 'the transfer was stopped', {}, error);
        if (error instanceof VitrineError) throw error;
        failures = part.size > before ? 1 : failures + 1;
        if (failures >= PATIENCE || !net.online()) throw broken(file, net, error);
        await net.wait(FIRST_PAUSE_MS * 2 ** (failures - 1), hooks.signal);
      }
    }
    const sha256 = hash.hex();
    if (await isRight(file, part, sha256)) return sha256;
    restart();
  }
  throw new VitrineError('model-corrupt', `${file.path} came with another content than announced, twice`, {
    id: file.model,
    file: file.path,
  });
}

/** A failure that may pass. */
class Transient extends Error {}

async function receive(
  file: RemoteFile,
  part: Part,
  net: Net,
  signal: AbortSignal,
  cache: RequestCache,
  restart: () => void,
  take: (bytes: Uint8Array) => void,
): Promise<void> {
  const range = part.size > 0 ? { Range: `bytes=${part.size}-` } : {};
  const response = await net.fetch(file.url, { headers: { ...file.headers, ...range }, signal, cache });
  refuse(response, file);
  if (part.size > 0) {
    const start = /^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '')?.[1];
    // Cross-origin responses may hide the header: a 206 then answers the only range that was asked for.
    const honoured = response.status === 206 && (start === undefined || Number(start) === part.size);
    if (!honoured) restart();
    if (response.status === 416 || (response.status === 206 && !honoured)) {
      await response.body?.cancel();
      throw new Transient(`${file.url} answered another range`);
    }
  }
  if (!response.body) throw new Transient(`${file.url} has no body`);
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (part.size + value.length > file.bytes) {
      await reader.cancel();
      restart();
      throw new VitrineError('model-corrupt', `${file.path} is longer than ${file.bytes} bytes`, {
        id: file.model,
        file: file.path,
      });
    }
    take(value);
  }
}

/** Throws for answers that no patience changes, and {@link Transient} for those that may pass. */
export function refuse(
  response: Response,
  { url, model, path }: Pick<RemoteFile, 'url' | 'model' | 'path'>,
): void {
  const { status } = response;
  if (response.ok || status === 416) return;
  if (status === 401 || status === 403) {
    throw new VitrineError('gated', `${url} answered ${status}`, { id: model, status });
  }
  if (status === 404 || status === 410) {
    throw new VitrineError('model-missing', `no file at ${url}`, { id: model, file: path, url });
  }
  if (status === 429 || status >= 500) throw new Transient(`${url} answered ${status}`);
  throw new VitrineError('network', `${url} answered ${status}`, { url, status });
}

/** What a request that failed for good is called. */
export function broken({ url }: Pick<RemoteFile, 'url'>, net: Net, cause: unknown): VitrineError {
  if (cause instanceof VitrineError) return cause;
  if (!net.online()) return new VitrineError('offline', 'the browser is offline', { url }, cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new VitrineError('network', `${url}: ${message}`, { url, host: new URL(url).host }, cause);
}

function rehash(part: Part): Sha256 {
  const hash = new Sha256();
  for (let at = 0; at < part.size; at += PIECE) hash.update(part.read(at, Math.min(at + PIECE, part.size)));
  return hash;
}

async function isRight({ sha256, gitOid }: RemoteFile, part: Part, found: string): Promise<boolean> {
  if (sha256 !== undefined) return sha256 === found;
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (gitOid === undefined || !subtle) return true;
  // Git hashes a header and the content; only small files are known by it.
  const header = new TextEncoder().encode(`blob ${part.size}\0`);
  const blob = new Uint8Array(header.length + part.size);
  blob.set(header);
  blob.set(part.read(0, part.size), header.length);
  const digest = new Uint8Array(await subtle.digest('SHA-1', blob));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === gitOid;
}
