/** What a place holds, in one form for a hub, a URL and a visitor's own files. */

import { VitrineError } from '../../protocol/errors.ts';
import type { FileData, ModelPlace } from '../../protocol/library.ts';
import { Sha256 } from '../sha256.ts';
import { readHub } from './hub.ts';
import { broken, type Net, type RemoteFile, refuse, transfer } from './transfer.ts';
import { urlName } from './url-name.ts';
import { noteName, type Vault } from './vault.ts';

export interface Listing {
  readonly host: string;
  readonly revision: string;
  readonly licence: string;
  /** What the model's class calls itself, where that is known without fetching anything. */
  readonly modelType: string;
  readonly files: readonly PlacedFile[];
  readonly byPath: ReadonlyMap<string, PlacedFile>;
}

export interface PlacedFile {
  readonly path: string;
  readonly bytes: number;
  /** Under which its part is kept; the complete file too, where the place tells its SHA-256. */
  readonly key: string;
  /** Gets the file into the vault, unless it is there. Gives its SHA-256, which is its key from now on. */
  keep(
    vault: Vault,
    signal: AbortSignal,
    onBytes: (done: number) => void,
    onRestart: () => void,
  ): Promise<string>;
  /** Its content, where looking costs nothing. */
  readonly look?: () => Promise<Uint8Array>;
}

const PIECE = 4 * 1024 * 1024;

export async function listFiles(place: ModelPlace, net: Net, signal: AbortSignal): Promise<Listing> {
  if (place.kind === 'hub') {
    const { revision, licence, modelType, files, headers } = await readHub(place, net, signal);
    const placed = files.map(({ path, bytes, sha256, gitOid, url }) =>
      remote({ url, model: place.id, path, bytes, headers, sha256, gitOid }, net, sha256 ?? `git-${gitOid}`),
    );
    return listing(new URL(place.base).host, placed, { revision, licence, modelType });
  }
  if (place.kind === 'url') return listing(new URL(place.url).host, [await single(place.url, net, signal)]);
  const own = place.files.map(({ path, data }) => local(path, data));
  return listing('', own, { modelType: await ownType(own) });
}

function listing(
  host: string,
  files: readonly PlacedFile[],
  { revision = '', licence = '', modelType = '' } = {},
): Listing {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return { host, revision, licence, modelType, files, byPath };
}

/** `model_type` of a config that lies here; '' for none, or for one that is not understood: that is said when it is needed. */
async function ownType(files: readonly PlacedFile[]): Promise<string> {
  const config = files.find(({ path }) => path === 'config.json');
  if (!config?.look) return '';
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(await config.look()));
    const type = typeof json === 'object' && json !== null && 'model_type' in json ? json.model_type : '';
    return typeof type === 'string' ? type : '';
  } catch {
    return '';
  }
}

/** One file at a URL. Nothing is known of its content, but its length and version are asked for. */
async function single(url: string, net: Net, signal: AbortSignal): Promise<PlacedFile> {
  const path = urlName(url) || 'model.onnx';
  let response: Response;
  try {
    response = await net.fetch(url, { method: 'HEAD', signal });
    refuse(response, { url, model: path, path });
  } catch (error) {
    if (signal.aborted) throw new VitrineError('cancelled', 'stopped', {}, error);
    throw broken({ url }, net, error);
  }
  const header = response.headers.get('x-linked-size') ?? response.headers.get('Content-Length');
  const bytes = Number(header);
  if (header === null || !(bytes > 0)) {
    throw new VitrineError('network', `${url} does not say how long it is`, { url, host: new URL(url).host });
  }
  const linked = response.headers.get('x-linked-etag')?.replace(/"/g, '');
  const sha256 = linked && /^[0-9a-f]{64}$/.test(linked) ? linked : undefined;
  const version = `${url} ${response.headers.get('ETag') ?? ''} ${bytes}`;
  const key = sha256 ?? `url-${new Sha256().update(new TextEncoder().encode(version)).hex()}`;
  return remote({ url, model: path, path, bytes, headers: {}, sha256, gitOid: undefined }, net, key);
}

function remote(file: RemoteFile, net: Net, key: string): PlacedFile {
  const { path, bytes } = file;
  return {
    path,
    bytes,
    key,
    async keep(vault, signal, onBytes, onRestart) {
      const known = file.sha256 ?? (await vault.note(noteName('known', key)));
      if (known !== undefined && (await vault.size(known)) === bytes) {
        onBytes(bytes);
        return known;
      }
      await vault.writeNote(noteName('part', key), path);
      const part = await vault.part(key);
      try {
        const sha256 = await transfer(file, part, net, { signal, onBytes, onRestart });
        await part.finish(sha256);
        if (file.sha256 === undefined) await vault.writeNote(noteName('known', key), sha256);
        // Until its model is whole, the file is known by its path.
        await vault.removeNote(noteName('part', key));
        await vault.writeNote(noteName('part', sha256), path);
        return sha256;
      } catch (error) {
        onBytes(part.size); // a full disk may have kept less than it took
        throw error;
      } finally {
        await part.close();
      }
    },
  };
}

function local(path: string, data: FileData): PlacedFile {
  const key = `own-${new Sha256().update(new TextEncoder().encode(`${path} ${data.size}`)).hex()}`;
  const pieces = async (
    signal: AbortSignal | undefined,
    take: (bytes: Uint8Array) => void,
  ): Promise<void> => {
    for (let at = 0; at < data.size; at += PIECE) {
      if (signal?.aborted) throw new VitrineError('cancelled', 'stopped');
      take(new Uint8Array(await data.slice(at, Math.min(at + PIECE, data.size)).arrayBuffer()));
    }
  };
  return {
    path,
    bytes: data.size,
    key,
    look: async () => new Uint8Array(await data.arrayBuffer()),
    async keep(vault, signal, onBytes) {
      const part = await vault.part(key);
      try {
        part.truncate();
        const hash = new Sha256();
        await pieces(signal, (bytes) => {
          part.append(bytes);
          hash.update(bytes);
          onBytes(part.size);
        });
        const sha256 = hash.hex();
        await part.finish(sha256);
        return sha256;
      } finally {
        await part.close();
      }
    },
  };
}
