import type { Notebook } from './library.ts';

/** The browser's local storage, or a notebook that forgets where it is forbidden. */
export function browserNotebook(window: Window): Notebook {
  try {
    return window.localStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  }
}
