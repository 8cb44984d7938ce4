import { usualSampling } from '../../families/diffusion/usual-sampling.ts';
import { refuseKind } from '../../families/kinds.ts';
import { type Layout, readLayout } from '../../families/layout.ts';
import { pictureSide } from '../../families/picture-side.ts';
import { besideRole } from '../../onnx/beside.ts';
import { VitrineError } from '../../protocol/errors.ts';
import type {
  FetchProgress,
  KeptModel,
  ModelPlace,
  ModelPlan,
  PlanParams,
  PrecisionReason,
} from '../../protocol/library.ts';
import type { FindSource, SourceFile } from '../model-source.ts';
import { complete, preparationOf } from './complete-model.ts';
import { type Listing, listFiles } from './listing.ts';
import { Pace } from './pace.ts';
import { choosePrecision, memoryNeed, memoryRoom, type Room } from './precision.ts';
import type { Net } from './transfer.ts';
import { urlName } from './url-name.ts';
import { noteName, type Vault } from './vault.ts';

/** Models of the visitor's own: planning, getting, keeping, and finding them again. */
export interface LibraryStore {
  plan(params: PlanParams, room: Room, signal: AbortSignal): Promise<ModelPlan>;
  get(
    params: PlanParams,
    room: Room,
    signal: AbortSignal,
    report: (progress: FetchProgress) => void,
  ): Promise<KeptModel>;
  models(): Promise<readonly KeptModel[]>;
  /** A model's files go with it, unless another model has them too. An empty key removes everything. */
  remove(key: string): Promise<void>;
  readonly find: FindSource;
  readonly vault: Vault;
}

export function createLibrary(vault: Vault, net: Net, now: () => number): LibraryStore {
  const models = async (): Promise<readonly KeptModel[]> => {
    const names = (await vault.notes()).filter((name) => name.startsWith(noteName('model', '')));
    const notes = await Promise.all(names.map((name) => vault.note(name)));
    return notes.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as KeptModel]));
  };

  async function prepare(params: PlanParams, room: Room, signal: AbortSignal) {
    const listing = await listFiles(params.place, net, signal);
    refuseKind(listing.modelType);
    const best = readLayout(listing.files, params.precision);
    const own = { precision: best.precision, bytes: modelBytes(best) };
    if (params.precision !== '') {
      const reason: PrecisionReason = memoryNeed(own, room) <= memoryRoom(room) ? 'asked' : 'tight';
      return { listing, layout: best, reason };
    }
    const offers = best.precisions.map((precision) =>
      precision === best.precision
        ? own
        : { precision, bytes: modelBytes(readLayout(listing.files, precision)) },
    );
    const { precision, reason } = choosePrecision(offers, room);
    return { listing, layout: readLayout(listing.files, precision), reason };
  }

  return {
    vault,
    models,
    async plan(params, room, signal) {
      const { listing, layout, reason } = await prepare(params, room, signal);
      const kept = new Map<string, number>();
      for (const { key, bytes } of await vault.parts()) kept.set(key, bytes);
      for (const { key, bytes } of await vault.list()) kept.set(key, bytes);
      const files = await Promise.all(
        Object.entries(layout.files).map(async ([role, { path }]) => {
          const { key, bytes } = listing.byPath.get(path)!;
          const known = (await vault.note(noteName('known', key))) ?? key;
          return { role, path, bytes, kept: Math.min(bytes, kept.get(known) ?? kept.get(key) ?? 0) };
        }),
      );
      const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
      const freeBytes = await vault.free();
      return {
        id: idOf(params.place, layout, listing),
        title: titleOf(params.place),
        family: layout.family,
        host: listing.host,
        revision: listing.revision,
        licence: listing.licence,
        precisions: layout.precisions,
        precision: layout.precision,
        precisionReason: reason,
        memoryNeed: memoryNeed({ precision: layout.precision, bytes: modelBytes(layout) }, room),
        memoryRoom: memoryRoom(room),
        preparation: await preparationOf(layout, listing, params.preparation),
        files,
        totalBytes,
        missingBytes: files.reduce((sum, { bytes, kept: here }) => sum + bytes - here, 0),
        keeping: vault.keeping,
        ...(freeBytes === undefined ? {} : { freeBytes }),
      };
    },

    async get(params, room, signal, report) {
      const { listing, layout } = await prepare(params, room, signal);
      const wanted = Object.entries(layout.files).map(([role, { path }]) => ({
        role,
        file: listing.byPath.get(path)!,
      }));
      const total = wanted.reduce((sum, { file }) => sum + file.bytes, 0);
      await checkRoom(
        vault,
        wanted.map(({ file }) => file),
        total,
      );
      const pace = new Pace(now);
      const files: KeptModel['files'][number][] = [];
      let before = 0;
      let reached = 0;
      for (const { role, file } of wanted) {
        let restarted = false;
        const onBytes = (done: number): void => {
          reached = before + done;
          report({ phase: 'run', path: file.path, restarted, ...pace.at(before + done, total) });
        };
        const onRestart = (): void => {
          restarted = true;
        };
        const sha256 = await file.keep(vault, signal, onBytes, onRestart).catch((error: unknown) => {
          throw withMissing(error, total - reached);
        });
        before += file.bytes;
        files.push({ role, path: file.path, bytes: file.bytes, sha256 });
      }
      files.push(...(await complete(vault, layout, files, params.preparation)));
      const about = await aboutOf(vault, layout.family, files);
      const model: KeptModel = {
        id: idOf(params.place, layout, listing, files),
        title: titleOf(params.place),
        family: layout.family,
        origin: originOf(params.place),
        revision: listing.revision,
        licence: listing.licence,
        precision: layout.precision,
        ...about,
        files,
      };
      await vault.writeNote(noteName('model', model.id), JSON.stringify(model));
      for (const { sha256 } of files) await vault.removeNote(noteName('part', sha256));
      return model;
    },

    async remove(key) {
      const all = await models();
      const going = all.filter(({ id }) => key === '' || id === key);
      const staying = new Set(all.filter((model) => !going.includes(model)).flatMap(hashes));
      for (const model of going) {
        await vault.removeNote(noteName('model', model.id));
        for (const hash of hashes(model)) if (!staying.has(hash)) await vault.remove(hash);
      }
      for (const part of await vault.parts()) {
        if (key !== '' && part.key !== key) continue;
        await vault.removePart(part.key);
        await vault.removeNote(noteName('part', part.key));
      }
      // A complete file whose model was never finished.
      for (const file of await vault.list()) {
        if (key !== '' && (file.key !== key || staying.has(key))) continue;
        await vault.remove(file.key);
        await vault.removeNote(noteName('part', file.key));
      }
      if (key === '') for (const name of await vault.notes()) await vault.removeNote(name);
    },

    async find(id) {
      const note = await vault.note(noteName('model', id));
      if (note === undefined) return undefined;
      const model = JSON.parse(note) as KeptModel;
      return {
        id,
        files: Object.fromEntries(
          model.files.map(({ role, path, bytes, sha256 }): readonly [string, SourceFile] => [
            role,
            {
              key: `kept/${sha256}`,
              path,
              bytes,
              async read(_signal, onBytes) {
                // The content was checked when it came; what may have happened since is that the browser threw it away.
                if ((await vault.size(sha256)) !== bytes) {
                  throw new VitrineError('model-missing', `${path} is no longer kept`, { id, file: role });
                }
                const content = await vault.read(sha256);
                onBytes(bytes);
                return content;
              },
            },
          ]),
        ),
      };
    },
  };
}

/** What a kept model's small files tell of its use: the side of its pictures, how one that draws is sampled. */
async function aboutOf(
  vault: Vault,
  family: KeptModel['family'],
  files: KeptModel['files'],
): Promise<Pick<KeptModel, 'pictureSide' | 'sampling'>> {
  const parsed = async (role: string): Promise<unknown> => {
    const file = files.findLast((found) => found.role === role);
    try {
      return file ? JSON.parse(new TextDecoder().decode(await vault.read(file.sha256))) : null;
    } catch {
      return null;
    }
  };
  const draws = family === 'diffusion';
  // Beside a model that draws lies at times what prepares pictures for its safety checker.
  const side = pictureSide(draws ? null : await parsed('preprocessor_config'), await parsed('config'));
  const sampling = draws
    ? usualSampling(await parsed('scheduler_config'), await parsed('unet_config'))
    : null;
  return { ...(side !== undefined && { pictureSide: side }), ...(sampling && { sampling }) };
}

/** What a full disk cannot tell: how much was still to come. */
function withMissing(error: unknown, bytes: number): unknown {
  if (!(error instanceof VitrineError) || error.code !== 'quota') return error;
  return new VitrineError('quota', error.message, { ...error.detail, bytes }, error);
}

/** Bytes of the graphs and their weights, which is what fills the memory. */
function modelBytes({ files }: Layout): number {
  return Object.entries(files).reduce(
    (sum, [role, { path, bytes }]) =>
      sum + (path.endsWith('.onnx') || besideRole(role) !== undefined ? bytes : 0),
    0,
  );
}

async function checkRoom(
  vault: Vault,
  files: readonly { readonly key: string; readonly bytes: number }[],
  total: number,
): Promise<void> {
  const free = await vault.free();
  if (free === undefined) return;
  let here = 0;
  for (const { key, bytes } of files) here += (await vault.size(key)) === bytes ? bytes : 0;
  for (const { key, bytes } of await vault.parts()) if (files.some((file) => file.key === key)) here += bytes;
  if (total - here > free) {
    throw new VitrineError('quota', `${total - here} bytes are missing, ${free} are free`, {
      bytes: total - here,
      free,
    });
  }
}

function hashes({ files }: KeptModel): readonly string[] {
  return files.map(({ sha256 }) => sha256);
}

/** Short, unique and fit for a link. Files are told apart by their content, as far as it is known yet. */
function idOf(place: ModelPlace, layout: Layout, listing: Listing, files: KeptModel['files'] = []): string {
  if (place.kind === 'hub') {
    return layout.precision === layout.precisions[0] ? place.id : `${place.id}:${layout.precision}`;
  }
  const name = titleOf(place)
    .replace(/\.onnx$/, '')
    .replace(/[^\w.-]+/g, '-')
    .slice(0, 60);
  const main = files.find(({ path }) => path.endsWith('.onnx'))?.sha256 ?? listing.files[0]?.path ?? '';
  return files.length > 0 ? `${place.kind}:${name}-${main.slice(0, 8)}` : `${place.kind}:${name}`;
}

function titleOf(place: ModelPlace): string {
  if (place.kind === 'hub') return place.id;
  if (place.kind === 'files') return place.name;
  return urlName(place.url) || place.url;
}

function originOf(place: ModelPlace): string {
  if (place.kind === 'hub') return `${place.base}/${place.id}`;
  return place.kind === 'url' ? place.url : place.name;
}
