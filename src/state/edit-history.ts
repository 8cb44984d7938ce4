import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Pixels } from '../protocol/image.ts';
import { type Edit, PLAIN_EDIT } from '../protocol/steer.ts';
import { writeEdit } from './edit-link.ts';

export interface EditEntry {
  readonly key: string;
  readonly edit: Edit;
  /** The edited picture, once it was drawn. */
  readonly image: Pixels | undefined;
}

export interface EditHistory {
  readonly entries: readonly EditEntry[];
  /** The entry that is shown; -1 before there is any. */
  readonly at: number;
}

const PLAIN_KEY = writeEdit(PLAIN_EDIT);
const PLAIN_ENTRY: EditEntry = { key: PLAIN_KEY, edit: PLAIN_EDIT, image: undefined };

/** Most entries kept; the oldest go first. */
const ROOM = 24;

/** What undo, redo and the strip of earlier edits stand on; going back and editing anew drops what was undone. */
export function createEditHistory(): {
  readonly store: StoreApi<EditHistory>;
  /** The edit of the address, after each of its changes. */
  visit(edit: Edit): void;
  /** The picture of an edit is there. */
  drawn(edit: Edit, image: Pixels): void;
  clear(): void;
} {
  const store = createStore<EditHistory>(() => ({ entries: [], at: -1 }));
  return {
    store,
    visit: (edit) => {
      const { entries, at } = store.getState();
      const key = writeEdit(edit);
      if (entries[at]?.key === key) return;
      const known = entries.findIndex((entry) => entry.key === key);
      if (known >= 0) {
        store.setState({ at: known });
        return;
      }
      // A link may open on an edit: the picture as prompted is still the way back.
      const before = entries.length === 0 && key !== PLAIN_KEY ? [PLAIN_ENTRY] : entries.slice(0, at + 1);
      const next = [...before, { key, edit, image: undefined }].slice(-ROOM);
      store.setState({ entries: next, at: next.length - 1 });
    },
    drawn: (edit, image) => {
      const key = writeEdit(edit);
      const { entries } = store.getState();
      store.setState({ entries: entries.map((entry) => (entry.key === key ? { ...entry, image } : entry)) });
    },
    clear: () => store.setState({ entries: [], at: -1 }),
  };
}
