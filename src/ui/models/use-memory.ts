import { useEffect, useState } from 'react';

/** Bytes of this tab as the browser counts them, workers and WASM heaps included. */
export type TabMemory =
  | { readonly status: 'measuring' | 'unknown' }
  | { readonly status: 'known'; readonly bytes: number };

interface Measured {
  measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
}

/**
 * Measures when the component comes, and again when `sign` changes. The browser answers with its next garbage collection, which
 * may take half a minute; `unknown` where it does not measure (it needs Chromium and cross-origin isolation).
 */
export function useMemory(sign: unknown): TabMemory {
  const [memory, setMemory] = useState<TabMemory>({ status: 'measuring' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new sign is what asks for a new measurement
  useEffect(() => {
    let late = false;
    const measure = async (): Promise<void> => {
      const bytes = await measured();
      if (!late) setMemory(bytes === undefined ? { status: 'unknown' } : { status: 'known', bytes });
    };
    void measure();
    return () => {
      late = true;
    };
  }, [sign]);
  return memory;
}

async function measured(): Promise<number | undefined> {
  const { performance: clock }: { readonly performance: Performance & Measured } = globalThis;
  try {
    return (await clock.measureUserAgentSpecificMemory?.())?.bytes;
  } catch {
    // A page that is not isolated is told nothing.
    return undefined;
  }
}
