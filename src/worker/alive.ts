/**
 * Takes the Web Lock of this name and keeps it until this thread dies. Resolves with true once it is held, with false where
 * there are no Web Locks (an insecure context).
 */
export function holdLock(name: string): Promise<boolean> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (!locks) return Promise.resolve(false);
  return new Promise((resolve) => {
    const held = locks.request(name, () => {
      resolve(true);
      return new Promise<never>(() => undefined);
    });
    held.catch(() => resolve(false));
  });
}
