/** A server with the Hub's URL layout on this machine: repositories from memory, and the faults of real networks on demand. */

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Faults {
  /** False: every request is answered with the whole. */
  ranges: boolean;
  /** Answers this to requests for files, for as many of them. */
  status: { code: number; times: number } | undefined;
  /** Breaks the connection after so many bytes of a longer file, for as many requests. */
  cut: { after: number; times: number } | undefined;
  /** Flips a byte in the middle of large files, in as many answers. */
  flips: number;
  /** Of large files; 0 is as fast as it goes. */
  bytesPerSecond: number;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
}

export interface HubServer {
  readonly base: string;
  readonly faults: Faults;
  readonly seen: readonly Seen[];
  /** Adds a repository; `access` is what its files and its listing answer to strangers. */
  put(
    id: string,
    files: Readonly<Record<string, Uint8Array>>,
    about?: { licence?: string; access?: number },
  ): void;
  /** Back to a network without faults; forgets what was seen. */
  calm(): void;
  close(): Promise<void>;
}

interface Repository {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly sha: string;
  readonly licence: string;
  readonly access: number;
}

/** Files from this size on lie in large-file storage, known by their SHA-256; smaller ones by git's own SHA-1. */
const LARGE = 2048;
const PIECE = 16 * 1024;

export async function startHub(port = 0): Promise<HubServer> {
  const repositories = new Map<string, Repository>();
  const seen: Seen[] = [];
  const faults: Faults = { ranges: true, status: undefined, cut: undefined, flips: 0, bytesPerSecond: 0 };
  const calm = (): void => {
    Object.assign(faults, { ranges: true, status: undefined, cut: undefined, flips: 0, bytesPerSecond: 0 });
    seen.length = 0;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const path = decodeURIComponent(new URL(url, 'http://hub').pathname);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*, Authorization');
    response.setHeader(
      'Access-Control-Expose-Headers',
      'ETag, Link, Accept-Ranges, Content-Range, X-Linked-Size, X-Linked-ETag, X-Repo-Commit',
    );
    if (method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    seen.push({ method, path, range: headers.range });
    const about = /^\/api\/models\/([\w.-]+\/[\w.-]+)\/(revision|tree)\/([\w.-]+)$/.exec(path);
    if (about) {
      const repository = repositories.get(about[1]!);
      if (!repository) return json(response, 404, { error: 'Repository not found' });
      if (repository.access !== 200) return json(response, repository.access, { error: 'Access denied' });
      return json(response, 200, about[2] === 'tree' ? tree(repository) : card(about[1]!, repository));
    }
    const file = /^\/(?:cdn\/)?([\w.-]+\/[\w.-]+)\/resolve\/[\w.-]+\/(.+)$/.exec(path);
    const repository = repositories.get(file?.[1] ?? '');
    const bytes = repository?.files[file?.[2] ?? ''];
    if (!repository || !bytes) return json(response, 404, { error: 'Entry not found' });
    if (repository.access !== 200) return json(response, repository.access, { error: 'Access denied' });
    if (faults.status && faults.status.times > 0) {
      faults.status.times -= 1;
      return json(response, faults.status.code, { error: 'fault' });
    }
    const large = bytes.length >= LARGE;
    if (large && !path.startsWith('/cdn/')) {
      response.writeHead(302, {
        Location: `/cdn${path}`,
        'X-Linked-Size': bytes.length,
        'X-Linked-ETag': `"${hash('sha256', bytes)}"`,
      });
      response.end();
      return;
    }
    await send(method, headers.range, bytes, large, response);
  }

  async function send(
    method: string,
    range: string | undefined,
    whole: Uint8Array,
    large: boolean,
    response: ServerResponse,
  ): Promise<void> {
    let bytes = whole;
    if (large && faults.flips > 0) {
      faults.flips -= 1;
      bytes = whole.slice();
      bytes[whole.length >> 1]! ^= 1;
    }
    const asked = faults.ranges ? /^bytes=(\d+)-$/.exec(range ?? '') : null;
    const start = asked ? Number(asked[1]) : 0;
    if (asked && start >= bytes.length) {
      response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
      return;
    }
    response.writeHead(asked ? 206 : 200, {
      'Content-Length': bytes.length - start,
      ETag: `"${hash('sha256', whole)}"`,
      ...(faults.ranges ? { 'Accept-Ranges': 'bytes' } : {}),
      ...(asked ? { 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (method === 'HEAD') {
      response.end();
      return;
    }
    const rest = bytes.length - start;
    const cut = faults.cut && faults.cut.times > 0 && rest > faults.cut.after ? faults.cut : undefined;
    if (cut) cut.times -= 1;
    const end = Math.min(bytes.length, start + (cut?.after ?? bytes.length));
    for (let at = start; at < end; at += PIECE) {
      if (response.destroyed) return;
      const piece = bytes.subarray(at, Math.min(at + PIECE, end));
      await new Promise<void>((resolve) => response.write(piece, () => resolve()));
      const { bytesPerSecond } = faults;
      if (large && bytesPerSecond > 0) await pause((1000 * piece.length) / bytesPerSecond);
    }
    if (cut) {
      // Time for what was sent to be read: a broken connection throws away the rest.
      await pause(300);
      response.destroy();
    } else response.end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    seen,
    put(id, files, { licence = 'mit', access = 200 } = {}) {
      const sha = hash('sha1', Buffer.from(Object.keys(files).join()));
      repositories.set(id, { files, sha, licence, access });
    },
    calm,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function card(id: string, { sha, licence }: Repository): object {
  return { id, sha, private: false, gated: false, cardData: { license: licence } };
}

function tree({ files }: Repository): readonly object[] {
  return Object.entries(files).map(([path, bytes]) => {
    const blob = Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]);
    const entry = { type: 'file', path, size: bytes.length, oid: hash('sha1', blob) };
    return bytes.length < LARGE
      ? entry
      : { ...entry, lfs: { oid: hash('sha256', bytes), size: bytes.length, pointerSize: 134 } };
  });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function hash(algorithm: 'sha1' | 'sha256', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
