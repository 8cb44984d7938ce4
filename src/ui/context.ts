import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { JobKind } from '../protocol/jobs.ts';
import type { Address } from '../state/address.ts';
import type { Run } from '../state/run.ts';
import type { Runs, Vitrine } from '../state/vitrine.ts';
import { catalogue, type LanguageTag, preferredLanguage } from '../text/catalogue.ts';
import type { Texts } from '../text/texts.ts';

const VitrineContext = createContext<Vitrine | undefined>(undefined);
export const VitrineProvider = VitrineContext.Provider;

/** The stores and actions, which never change during the page's life. */
export function useVitrine(): Vitrine {
  const vitrine = useContext(VitrineContext);
  if (!vitrine) throw new Error('no vitrine around this component');
  return vitrine;
}

export function useAddress<T>(select: (address: Address) => T): T {
  return useStore(useVitrine().address, select);
}

export function useRun<K extends keyof Runs & JobKind>(kind: K): Run<K>;
export function useRun(kind: keyof Runs): Run<JobKind> {
  return useStore(useVitrine().runs[kind].store);
}

const preferred = preferredLanguage(navigator.languages);

/** The language of the address, or else the browser's. */
export function useLanguage(): LanguageTag {
  return useAddress((address) => address.language) ?? preferred;
}

export function useTexts(): Texts {
  return catalogue[useLanguage()];
}
