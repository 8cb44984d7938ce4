import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { picturesFor } from '../../state/retrieval.ts';
import { shownOf } from '../../state/run.ts';
import { shelfOf } from '../../state/shelf.ts';
import { useAddress, useRun, useVitrine } from '../context.ts';

/** The collection with what the words of the address find in it; undefined until both are there. */
export function useRetrieval() {
  const vitrine = useVitrine();
  const { model, prompt, centred } = useAddress((address) => address.concepts);
  const collection = shownOf(useRun('collect'));
  const query = shownOf(useRun('embed'));
  const shelf = shelfOf(useStore(vitrine.shelf.store));
  const ready = collection !== undefined;
  useEffect(() => {
    if (ready && prompt !== '') vitrine.runs.embed.start({ model, images: [], texts: [prompt] });
  }, [vitrine, ready, model, prompt]);
  const found = useMemo(() => {
    if (!collection || !query || query.params.texts.length !== 1) return undefined;
    return picturesFor(collection.result, query.result.texts.data, centred);
  }, [collection, query, centred]);
  // The shelf may already hold another folder than the one embedded.
  const fits = shelf !== undefined && collection?.params.items.length === shelf.items.length;
  return { collection: fits ? collection : undefined, shelf, found, query: query?.params.texts[0] ?? '' };
}
