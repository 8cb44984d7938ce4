import type { Net } from './transfer.ts';

/** The browser's network: no cookies, no referrer, whatever the host. */
export function browserNet(): Net {
  return {
    fetch: (url, init) => fetch(url, { ...init, credentials: 'omit', referrerPolicy: 'no-referrer' }),
    online: () => navigator.onLine,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
