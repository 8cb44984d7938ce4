export type Family = 'contrastive' | 'diffusion';

export interface ModelEntry {
  readonly id: string;
  readonly family: Family;
  readonly title: string;
  /** Of all its files, each counted once. */
  readonly bytes: number;
}

interface Index {
  readonly models: readonly {
    readonly id: string;
    readonly family: string;
    readonly title: string;
    readonly files: Readonly<Record<string, { readonly path: string; readonly bytes: number }>>;
  }[];
}

const indexes = import.meta.glob<Index>('../../models/index.json', { eager: true, import: 'default' });

/** The models that ship with the page, as `models/index.json` lists them. */
export const MODELS: readonly ModelEntry[] = Object.values(indexes).flatMap(({ models }) =>
  models.map(({ id, family, title, files }) => {
    const sizes = new Map(Object.values(files).map(({ path, bytes }) => [path, bytes]));
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    return { id, family: family as Family, title, bytes };
  }),
);

export function modelsOf(family: Family): readonly ModelEntry[] {
  return MODELS.filter((model) => model.family === family);
}

/** Side of the square picture that the contrastive models here read; uploads are reduced to it. */
export const PICTURE_SIZE = 128;
