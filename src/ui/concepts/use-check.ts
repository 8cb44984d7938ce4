import { useMemo } from 'react';
import { useStore } from 'zustand';
import { foundAmongWorst, pairRows } from '../../state/pair-table.ts';
import { shownOf } from '../../state/run.ts';
import { shelfOf } from '../../state/shelf.ts';
import { useRun, useVitrine } from '../context.ts';

/** The checked collection with its rows; undefined until it is there. */
export function useCheck() {
  const shelf = shelfOf(useStore(useVitrine().shelf.store));
  const collection = shownOf(useRun('collect'));
  const items = shelf?.own ? shelf.items : shelf?.swapped;
  // Another folder, or the retrieval's captions, may be the ones embedded.
  const fits =
    items !== undefined &&
    collection?.params.items.length === items.length &&
    collection.params.items.every(({ caption }, index) => caption === items[index]!.caption);
  const rows = useMemo(
    () => (fits && collection && items ? pairRows(collection.result, items) : undefined),
    [fits, collection, items],
  );
  if (!rows || !collection || !shelf || !items) return undefined;
  const changed = shelf.own ? [] : shelf.changed;
  return { rows, collection, items, changed, found: foundAmongWorst(rows, changed) };
}
