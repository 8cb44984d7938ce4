import { FAMILIES, type ModelFamily } from '../protocol/library.ts';

export interface ModelEntry {
  readonly id: string;
  readonly family: ModelFamily;
  readonly title: string;
  /** Of all its files, each counted once. */
  readonly bytes: number;
  /** SHA-256 of each file, by its role. */
  readonly sha256: Readonly<Record<string, string>>;
}

interface Index {
  readonly models: readonly {
    readonly id: string;
    readonly family: string;
    readonly title: string;
    readonly files: Readonly<
      Record<string, { readonly path: string; readonly bytes: number; readonly sha256: string }>
    >;
  }[];
}

const indexes = import.meta.glob<Index>('../../models/index.json', { eager: true, import: 'default' });

/** The models that ship with the page and that it has views for, as `models/index.json` lists them; one that only scores has none. */
export const MODELS: readonly ModelEntry[] = Object.values(indexes).flatMap(({ models }) =>
  models.flatMap(({ id, family: named, title, files }) => {
    const family = FAMILIES.find((known) => known === named);
    if (family === undefined) return [];
    const sizes = new Map(Object.values(files).map(({ path, bytes }) => [path, bytes]));
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    const sha256 = Object.fromEntries(Object.entries(files).map(([role, file]) => [role, file.sha256]));
    return [{ id, family, title, bytes, sha256 }];
  }),
);

/** Of all files of the models that are offered, those that models share counted once. */
export const MODEL_BYTES: number = [
  ...new Map(
    Object.values(indexes).flatMap(({ models }) =>
      models.flatMap(({ family, files }) =>
        FAMILIES.some((known) => known === family)
          ? Object.values(files).map(({ sha256, bytes }) => [sha256, bytes] as const)
          : [],
      ),
    ),
  ).values(),
].reduce((sum, bytes) => sum + bytes, 0);

export function modelsOf(family: ModelFamily): readonly ModelEntry[] {
  return MODELS.filter((model) => model.family === family);
}

/** Whether a model is the visitor's own: opened here, or named by a link from somebody who has it. */
export function isOwn(model: string): boolean {
  return model !== '' && !MODELS.some(({ id }) => id === model);
}

/** Side of the square picture that the contrastive models here read; uploads are reduced to it. */
export const PICTURE_SIZE = 128;

/**
 * For models of the visitor's own, most of which read 224 or more. In as many characters of the link, 256 leaves so little quality that
 * SqueezeNet no longer knows cats; at 192 it knew all of six photographs.
 */
export const OWN_PICTURE_SIZE = 192;
