/**
 * Runs tasks one after the other, in the order of `push`. The ONNX runtime needs it: on WebGPU two runs at once hang and two
 * creations at once throw. A task that rejects rejects its own caller only; the next one starts all the same.
 */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  push<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
