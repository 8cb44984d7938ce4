import { useStore } from 'zustand';
import type { ModelFamily, Sampling } from '../protocol/library.ts';
import { FIRST_ADDRESS } from '../state/address.ts';
import { isOwn, MODELS } from '../state/models.ts';
import { useTexts, useVitrine } from './context.ts';

/**
 * The models of these families that are here, as a list to choose from: the page's own, then the visitor's. `chosen` is in it even
 * when it is not here, as in a link from somebody who has it.
 */
export function useModels(
  chosen: string,
  ...families: readonly ModelFamily[]
): readonly { readonly value: string; readonly label: string }[] {
  const texts = useTexts();
  const kept = useStore(useVitrine().library.kept)?.models ?? [];
  const here = [...MODELS, ...kept]
    .filter(({ family }) => families.some((wanted) => wanted === family))
    .map(({ id, title }) => ({ value: id, label: title }));
  if (chosen === '' || here.some(({ value }) => value === chosen)) return here;
  return [...here, { value: chosen, label: texts.models.notHere({ id: chosen }) }];
}

/** What a text-to-image model is usually sampled with: the visitor's as its files tell, the page's own as at first. */
export function useSampling(): (model: string) => Sampling | undefined {
  const kept = useStore(useVitrine().library.kept)?.models ?? [];
  const { steps, guidance } = FIRST_ADDRESS.attention;
  return (model) => (isOwn(model) ? kept.find(({ id }) => id === model)?.sampling : { steps, guidance });
}

/** What a model is called here; its id where it is not here. */
export function useModelTitle(model: string): string {
  const kept = useStore(useVitrine().library.kept)?.models ?? [];
  return [...MODELS, ...kept].find(({ id }) => id === model)?.title ?? model;
}
