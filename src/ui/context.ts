import { createContext, createElement, type ReactNode, Suspense, use, useContext } from 'react';
import { useStore } from 'zustand';
import type { JobKind } from '../protocol/jobs.ts';
import type { Address } from '../state/address.ts';
import type { Run } from '../state/run.ts';
import type { Runs, Vitrine } from '../state/vitrine.ts';
import { en } from '../text/en.ts';
import { type LanguageTag, loadTexts, preferredLanguage } from '../text/languages.ts';
import type { Texts } from '../text/texts.ts';

const VitrineContext = createContext<Vitrine | undefined>(undefined);

/** The stores for everything inside; nothing is drawn until the texts of the language are here. */
export function VitrineProvider({
  value,
  children,
}: {
  readonly value: Vitrine;
  readonly children: ReactNode;
}) {
  return createElement(VitrineContext, { value }, createElement(Suspense, { fallback: null }, children));
}

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

/** What was suspended for must be used again when it is there, or React takes it for a mistake: only the language decides. */
export function useTexts(): Texts {
  return useLanguage() === 'en' ? en : use(loadTexts());
}
