import { VitrineError } from '../protocol/errors.ts';
import { download } from './download.ts';
import type { ModelIndex } from './model-index.ts';

/** Where a model's files come from: the build, the kept ones. Everything else sees named files only. */
export interface ModelSource {
  readonly id: string;
  /** By role, as `vision_model`. */
  readonly files: Readonly<Record<string, SourceFile>>;
}

export interface SourceFile {
  /** The same for the same content, whatever model asks for it: such files are read once. */
  readonly key: string;
  /** For messages, as `scene-clip-vit/onnx/vision_model.onnx`. */
  readonly path: string;
  readonly bytes: number;
  /** The checked bytes. `onBytes` hears how far the reading is. */
  read(signal: AbortSignal, onBytes: (done: number) => void): Promise<Uint8Array<ArrayBuffer>>;
}

/** Finds a model by its id; undefined where this place has none of that name. */
export type FindSource = (id: string) => Promise<ModelSource | undefined>;

/** The models of an index whose files the build gave URLs. */
export function builtSources(index: ModelIndex, urls: Readonly<Record<string, string>>): FindSource {
  const sources = new Map(
    index.models.map(({ id, files }): readonly [string, ModelSource] => [
      id,
      {
        id,
        files: Object.fromEntries(
          Object.entries(files).map(([role, file]): readonly [string, SourceFile] => [
            role,
            {
              key: `built/${file.path}`,
              path: file.path,
              bytes: file.bytes,
              async read(signal, onBytes) {
                const url = urls[file.path];
                if (url !== undefined) return download(url, file, id, signal, onBytes);
                throw new VitrineError('model-missing', `${file.path} is not part of this build`, {
                  id,
                  file: role,
                });
              },
            },
          ]),
        ),
      },
    ]),
  );
  return async (id) => sources.get(id);
}

/** Asks one place after the other. */
export function firstOf(...places: readonly FindSource[]): FindSource {
  return async (id) => {
    for (const find of places) {
      const found = await find(id);
      if (found) return found;
    }
    return undefined;
  };
}
