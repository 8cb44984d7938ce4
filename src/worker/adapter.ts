import type { RuntimeInfo } from '../protocol/engine.ts';

/** The parts of WebGPU that are looked at here. */
interface Adapter {
  readonly features?: { has(name: string): boolean };
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly isFallbackAdapter?: boolean;
}

interface Gpu {
  requestAdapter(): Promise<Adapter | null>;
}

/** What is known of the machine's WebGPU. */
export interface AdapterFacts {
  readonly webgpu: RuntimeInfo['webgpu'];
  readonly halves: boolean;
  /** Vendor and architecture as the browser tells them; empty where it does not. */
  readonly name: string;
}

const NONE: AdapterFacts = { webgpu: 'unavailable', halves: false, name: '' };

/** A driver that does not answer must not keep the page from starting. */
const patienceMs = 5000;

/** Whether the browser has a WebGPU adapter, and whether it is one that computes on the CPU (right, but far slower than WASM). */
export async function findAdapter(gpu: Gpu | undefined = browserGpu()): Promise<AdapterFacts> {
  if (!gpu) return NONE;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  try {
    const adapter = await Promise.race([gpu.requestAdapter(), silence]);
    if (!adapter) return NONE;
    return {
      webgpu: isSoftware(adapter) ? 'software' : 'available',
      halves: adapter.features?.has('shader-f16') ?? false,
      name: [adapter.info?.vendor, adapter.info?.architecture].filter((part) => part).join(' '),
    };
  } catch {
    return NONE;
  } finally {
    clearTimeout(timer);
  }
}

function isSoftware({ info, isFallbackAdapter }: Adapter): boolean {
  return (
    isFallbackAdapter === true ||
    info?.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|lavapipe/i.test(`${info?.vendor} ${info?.architecture}`)
  );
}

function browserGpu(): Gpu | undefined {
  return (globalThis.navigator as { gpu?: Gpu } | undefined)?.gpu;
}
