import { useCallback, useEffect, useRef } from 'react';

/** How long a slider rests before the picture is drawn with it. */
const REST_MS = 250;

/** Calls `commit` with the last value once no other has come for a while: a drag is one edit, not forty. */
export function useRested<T>(commit: (value: T) => void): (value: T) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(commit);
  useEffect(() => {
    latest.current = commit;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback((value) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => latest.current(value), REST_MS);
  }, []);
}
