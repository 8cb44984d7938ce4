import { describe, expect, it } from 'vitest';
import { VitrineError } from '../protocol/errors.ts';
import { toRunError } from './run-error.ts';

describe('toRunError', () => {
  it.each([
    new Error('std::bad_alloc'),
    new Error('Aborted(OOM)'),
    new RangeError('Array buffer allocation failed'),
    new RangeError('WebAssembly.Memory(): could not allocate memory'),
    12345678,
  ])('calls %s a lack of memory, after which the runtime cannot go on', (thrown) => {
    expect(toRunError(thrown, 'wasm')).toMatchObject({ code: 'memory', detail: { fatal: 1 } });
  });

  it('tells a lost GPU, on WebGPU only', () => {
    const thrown = new Error('GPU device was lost');
    expect(toRunError(thrown, 'webgpu')).toMatchObject({
      code: 'device',
      detail: { device: 'webgpu', fatal: 1 },
    });
    expect(toRunError(thrown, 'wasm').code).toBe('internal');
  });

  it('keeps the message of the rest, and errors that have a code', () => {
    const error = toRunError(new Error("input 'room' is missing"), 'wasm');
    expect(error).toMatchObject({ code: 'internal', message: "input 'room' is missing", detail: {} });
    const own = new VitrineError('cancelled', 'x');
    expect(toRunError(own, 'wasm')).toBe(own);
  });
});
