import { createStore, useStore } from 'zustand';
import { HUB } from '../../state/place.ts';

const KEY = 'vitrine.hub';

interface Hub {
  /** As typed: empty for the usual hub. */
  readonly typed: string;
  readonly token: string;
}

/** The mirror stays in this browser; a token lasts as long as the page. */
const store = createStore<Hub>(() => ({ typed: stored(), token: '' }));

/** Where hub models are asked for. */
export function useHub() {
  const { typed, token } = useStore(store);
  return { typed, token, base: baseOf(typed), setBase, setToken };
}

function setBase(typed: string): void {
  store.setState({ typed });
  try {
    if (typed.trim() === '') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, typed.trim());
  } catch {
    // Storage is forbidden here: the mirror lasts as long as the page.
  }
}

function setToken(token: string): void {
  store.setState({ token });
}

function baseOf(typed: string): string {
  const text = typed.trim().replace(/\/+$/, '');
  return /^https?:\/\//.test(text) && URL.canParse(text) ? text : HUB;
}

function stored(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
