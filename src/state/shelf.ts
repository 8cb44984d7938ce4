/** The pictures with captions that retrieval and the data check work on: drawn scenes, or a folder of the visitor's. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Captions, captionKey, readCaptions } from '../datasets/captions.ts';
import { type Failure, toFailure, VitrineError } from '../protocol/errors.ts';
import type { ImageSource, Pixels } from '../protocol/image.ts';
import type { Runner } from './run.ts';
import { keyOf } from './run.ts';

export interface ShelfItem {
  readonly name: string;
  readonly image: ImageSource;
  readonly pixels: Pixels;
  /** Empty where no file says. */
  readonly caption: string;
}

export type Shelf =
  | { readonly status: 'empty' }
  | {
      readonly status: 'reading';
      readonly done: number;
      readonly total: number;
      readonly kept: FilledShelf | undefined;
    }
  | FilledShelf
  | { readonly status: 'failed'; readonly failure: Failure; readonly kept: FilledShelf | undefined };

export interface FilledShelf {
  readonly status: 'filled';
  readonly own: boolean;
  readonly items: readonly ShelfItem[];
  /** The same with some captions changed for those of others: what a check should find. Places of the changed ones. */
  readonly swapped: readonly ShelfItem[];
  readonly changed: readonly number[];
  /** Files that were left out, and why. */
  readonly problems: readonly { readonly name: string; readonly failure: Failure }[];
  /** Pictures of the folder beyond the most that are taken. */
  readonly beyond: number;
}

export interface ShelfStore {
  readonly store: StoreApi<Shelf>;
  /** Drawn scenes, with their captions. */
  openWorld(): Promise<void>;
  /** Pictures, and a CSV, JSON or JSON lines file with their captions. */
  openFiles(files: readonly File[]): Promise<void>;
  cancel(): void;
}

/** Pictures that are taken of a folder. */
export const MOST_PICTURES = 1000;
const SCENES = 160;
const FIRST_SEED = 7_500_000;
const SCENE_SIDE = 128;
/** Every so many captions, one is changed. */
const SWAP_EVERY = 10;

export function createShelf(
  runner: Runner,
  picture: (file: Blob) => Promise<Pixels>,
  opened: () => void,
): ShelfStore {
  const store = createStore<Shelf>(() => ({ status: 'empty' }));
  let abort: AbortController | undefined;

  const begin = (total: number): { readonly signal: AbortSignal; readonly kept: FilledShelf | undefined } => {
    abort?.abort();
    abort = new AbortController();
    const kept = shelfOf(store.getState());
    store.setState({ status: 'reading', done: 0, total, kept }, true);
    return { signal: abort.signal, kept };
  };
  const advance = (signal: AbortSignal, done: number): void => {
    const now = store.getState();
    if (!signal.aborted && now.status === 'reading') store.setState({ ...now, done }, true);
  };
  const finish = (signal: AbortSignal, filled: Omit<FilledShelf, 'status' | 'swapped' | 'changed'>): void => {
    if (signal.aborted) return;
    store.setState({ status: 'filled', ...filled, ...swapSome(filled.items) }, true);
    opened();
  };
  const fail = (signal: AbortSignal, kept: FilledShelf | undefined, thrown: unknown): void => {
    if (!signal.aborted) store.setState({ status: 'failed', failure: toFailure(thrown), kept }, true);
  };

  return {
    store,
    openWorld: async () => {
      const { signal, kept } = begin(SCENES);
      const seeds = Array.from({ length: SCENES }, (_, i) => FIRST_SEED + i);
      try {
        const drawn = await runner.run(
          'gallery',
          { seeds, size: SCENE_SIDE },
          { signal, onProgress: ({ done }) => advance(signal, done) },
        );
        const items = drawn.map(({ seed, caption, pixels }) => ({
          name: String(seed),
          image: { kind: 'scene', seed } as const,
          pixels,
          caption,
        }));
        finish(signal, { own: false, items, problems: [], beyond: 0 });
      } catch (thrown) {
        fail(signal, kept, thrown);
      }
    },
    openFiles: async (files) => {
      const found = files.filter(isPicture);
      const pictures = found.slice(0, MOST_PICTURES);
      const { signal, kept } = begin(pictures.length);
      try {
        const captions = await captionsOf(files);
        if (pictures.length === 0) throw new VitrineError('bad-image', 'no pictures in it');
        const items: ShelfItem[] = [];
        const problems: { name: string; failure: Failure }[] = [];
        for (const [index, file] of pictures.entries()) {
          try {
            const pixels = await picture(file);
            // Told apart by their bytes from here on; counted now, picture by picture, so that the page never waits.
            keyOf(pixels);
            const caption = captions.get(captionKey(file.name)) ?? '';
            items.push({ name: file.name, image: { kind: 'pixels', pixels }, pixels, caption });
          } catch (thrown) {
            problems.push({ name: file.name, failure: toFailure(thrown) });
          }
          if (signal.aborted) return;
          advance(signal, index + 1);
        }
        if (items.length === 0) throw new VitrineError('bad-image', 'none of its pictures can be read');
        finish(signal, { own: true, items, problems, beyond: found.length - pictures.length });
      } catch (thrown) {
        fail(signal, kept, thrown);
      }
    },
    cancel: () => {
      abort?.abort();
      const now = store.getState();
      if (now.status === 'reading') store.setState(now.kept ?? { status: 'empty' }, true);
    },
  };
}

/** What stands on the shelf, even while another folder is read. */
export function shelfOf(shelf: Shelf): FilledShelf | undefined {
  if (shelf.status === 'filled') return shelf;
  return shelf.status === 'empty' ? undefined : shelf.kept;
}

function isPicture(file: File): boolean {
  return file.type.startsWith('image/') || /\.(png|jpe?g|webp|avif|gif)$/i.test(file.name);
}

async function captionsOf(files: readonly File[]): Promise<Captions> {
  const found = new Map<string, string>();
  for (const file of files) {
    if (!/\.(csv|tsv|jsonl?|txt)$/i.test(file.name)) continue;
    const text = await file.text();
    if (/\.txt$/i.test(file.name)) {
      // A text beside each picture, under its name.
      const stem = file.name.replace(/\.txt$/i, '').toLowerCase();
      const own = files.find(
        (other) => isPicture(other) && other.name.toLowerCase().replace(/\.\w+$/, '') === stem,
      );
      if (own) found.set(captionKey(own.name), text.replace(/\s+/g, ' ').trim());
      continue;
    }
    try {
      for (const [key, caption] of readCaptions(file.name, text))
        if (!found.has(key)) found.set(key, caption);
    } catch (error) {
      throw new VitrineError('bad-captions', error instanceof Error ? error.message : String(error), {
        name: file.name,
      });
    }
  }
  return found;
}

/** Every tenth caption changes places with the next such one. */
function swapSome(items: readonly ShelfItem[]): Pick<FilledShelf, 'swapped' | 'changed'> {
  const places = items.flatMap((_, index) => (index % SWAP_EVERY === 3 ? [index] : []));
  const swapped = [...items];
  places.forEach((place, k) => {
    const from = places[(k + 1) % places.length]!;
    swapped[place] = { ...items[place]!, caption: items[from]!.caption };
  });
  return { swapped, changed: places.filter((place) => swapped[place]!.caption !== items[place]!.caption) };
}
