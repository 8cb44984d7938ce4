/** A hub of models as the Hugging Face Hub's HTTP API has it: what a repository holds, said by the server alone. */

import { VitrineError } from '../../protocol/errors.ts';
import type { ModelPlace } from '../../protocol/library.ts';
import { broken, type Net, refuse } from './transfer.ts';

export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string | undefined;
  readonly gitOid: string | undefined;
  readonly url: string;
}

export interface HubListing {
  /** The commit that all files are fetched from. */
  readonly revision: string;
  /** As the model card states it; empty when it does not. */
  readonly licence: string;
  /** What its config calls the model's class; empty when it does not. */
  readonly modelType: string;
  readonly files: readonly HubFile[];
  readonly headers: Readonly<Record<string, string>>;
}

type HubPlace = Extract<ModelPlace, { kind: 'hub' }>;

/** Pages of a listing; a repository with more files than these hold is no model to run here. */
const MOST_PAGES = 10;

/** Asks the hub for a repository: two requests, a few kilobytes. */
export async function readHub(place: HubPlace, net: Net, signal: AbortSignal): Promise<HubListing> {
  const base = place.base.replace(/\/+$/, '');
  const headers: Record<string, string> = place.token ? { Authorization: `Bearer ${place.token}` } : {};
  const ask = async (url: string): Promise<Response> => {
    try {
      const response = await net.fetch(url, { headers, signal });
      refuse(response, { url, model: place.id, path: '' });
      return response;
    } catch (error) {
      if (signal.aborted) throw new VitrineError('cancelled', 'stopped', {}, error);
      throw broken({ url }, net, error);
    }
  };
  const about = record(
    await json(await ask(`${base}/api/models/${place.id}/revision/${encodeURIComponent(place.revision)}`)),
  );
  const { sha } = about;
  if (typeof sha !== 'string' || !/^[\w.-]+$/.test(sha)) throw strange(place.id);
  const files: HubFile[] = [];
  let next: string | undefined = `${base}/api/models/${place.id}/tree/${sha}?recursive=true`;
  for (let page = 0; next !== undefined && page < MOST_PAGES; page += 1) {
    const response: Response = await ask(next);
    const entries = await json(response);
    if (!Array.isArray(entries)) throw strange(place.id);
    for (const entry of entries) {
      const { type, path, size, oid, lfs } = record(entry);
      if (type !== 'file') continue;
      if (typeof path !== 'string' || typeof size !== 'number') throw strange(place.id);
      const large = record(lfs);
      files.push({
        path,
        bytes: typeof large.size === 'number' ? large.size : size,
        sha256: typeof large.oid === 'string' ? large.oid.replace(/^sha256:/, '') : undefined,
        gitOid: lfs === undefined && typeof oid === 'string' ? oid : undefined,
        url: `${base}/${place.id}/resolve/${sha}/${path.split('/').map(encodeURIComponent).join('/')}`,
      });
    }
    next = nextPage(response, base);
  }
  const { model_type: type } = record(about.config);
  const modelType = typeof type === 'string' ? type : '';
  return { revision: sha, licence: licenceOf(about), modelType, files, headers };
}

/** The `Link` header names the next page; a mirror may still name the original host there. */
function nextPage(response: Response, base: string): string | undefined {
  const link = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('Link') ?? '')?.[1];
  if (link === undefined) return undefined;
  const { pathname, search } = new URL(link, base);
  return new URL(pathname + search, base).href;
}

function licenceOf(about: Readonly<Record<string, unknown>>): string {
  const { license, license_name: name } = record(about.cardData);
  const stated = Array.isArray(license) ? license.join(', ') : license;
  return typeof stated === 'string' ? (stated === 'other' && typeof name === 'string' ? name : stated) : '';
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new VitrineError(
      'network',
      `${response.url} did not answer in JSON: is it a hub?`,
      { url: response.url, host: hostOf(response.url) },
      cause,
    );
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function strange(id: string): VitrineError {
  return new VitrineError('network', `the hub's answer about ${id} is not understood`, { id });
}
