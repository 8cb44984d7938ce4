import type { AddressBar } from './vitrine.ts';

/** The browser's own address bar. */
export function browserAddressBar(window: Window): AddressBar {
  const write = (method: 'pushState' | 'replaceState', fragment: string): void => {
    window.history[method](null, '', `#${fragment}`);
  };
  return {
    read: () => window.location.hash,
    push: (fragment) => write('pushState', fragment),
    replace: (fragment) => write('replaceState', fragment),
    // popstate also fires when the visitor edits the fragment by hand.
    listen: (changed) => window.addEventListener('popstate', changed),
  };
}
