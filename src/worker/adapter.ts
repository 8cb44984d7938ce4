import type { RuntimeInfo } from '../protocol/engine.ts';

/** The parts of WebGPU that are looked at here. */
interface Adapter {
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

/** A driver that does not answer must not keep the page from starting. */
const patienceMs = 5000;

/** Whether the browser has a WebGPU adapter, and whether it is one that computes on the CPU (right, but far slower than WASM). */
export async function findAdapter(gpu: Gpu | undefined = browserGpu()): Promise<RuntimeInfo['webgpu']> {
  if (!gpu) return 'unavailable';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  try {
    const adapter = await Promise.race([gpu.requestAdapter(), silence]);
    if (!adapter) return 'unavailable';
    return isSoftware(adapter) ? 'software' : 'available';
  } catch {
    return 'unavailable';
  } finally {
    clearTimeout(timer);
  }
}

/** Vendor and architecture as the browser tells them; empty where it does not. */
export async function adapterName(gpu: Gpu | undefined = browserGpu()): Promise<string> {
  const adapter = await gpu?.requestAdapter().catch(() => null);
  return [adapter?.info?.vendor, adapter?.info?.architecture].filter((part) => part).join(' ');
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
