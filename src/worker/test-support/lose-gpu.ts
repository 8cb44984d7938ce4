/** The parts of WebGPU that are replaced here. */
interface Device {
  readonly queue: { submit(commands: unknown): void };
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  destroy(): void;
}

/**
 * Makes every GPU device of this thread fail after so many submissions, as a driver that is reset does: nothing that was submitted comes
 * back, and `lost` settles with a reason that nobody asked for. The device is really destroyed; only the reason is made up.
 */
export function loseGpu(afterSubmissions: number): void {
  const { GPUAdapter: adapter } = globalThis as unknown as {
    readonly GPUAdapter?: { readonly prototype: { requestDevice(...options: unknown[]): Promise<Device> } };
  };
  if (!adapter) return;
  const { requestDevice } = adapter.prototype;
  adapter.prototype.requestDevice = async function (...options) {
    const device = await requestDevice.apply(this, options);
    const lost = device.lost.then(() => ({ reason: 'unknown', message: 'injected' }));
    Object.defineProperty(device, 'lost', { get: () => lost });
    const { queue } = device;
    const submit = queue.submit.bind(queue);
    let left = afterSubmissions;
    queue.submit = (commands) => {
      submit(commands);
      left -= 1;
      if (left === 0) device.destroy();
    };
    return device;
  };
}
