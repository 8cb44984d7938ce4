import { VitrineError } from '../protocol/errors.ts';
import type { Device } from '../protocol/jobs.ts';

const memory =
  /bad_alloc|out of memory|\bOOM\b|cannot enlarge memory|allocation failed|failed to allocate|could not allocate/i;
/** The runtime's ways of saying that it has no code for an operator. */
const unsupported =
  /could not find an implementation for|no op registered for|is not a registered function\/op|kernel not found|not implemented/i;
const lost = /device (is |was )?lost|lost device|DXGI_ERROR_DEVICE|external Instance reference/i;

/**
 * Gives what the ONNX runtime throws a code: `memory`, `device`, `unsupported` with the operator, or `internal` with its message kept. `detail.fatal` marks the
 * ones after which this worker's runtime cannot go on: its WASM heap is full or its GPU device gone.
 */
export function toRunError(thrown: unknown, device: Device): VitrineError {
  if (thrown instanceof VitrineError) return thrown;
  // A bare number is the address of a C++ exception that the runtime could not even wrap: in practice a failed allocation.
  if (typeof thrown === 'number') {
    return new VitrineError('memory', `the ONNX runtime gave up (${thrown})`, { device, fatal: 1 }, thrown);
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (memory.test(message)) return new VitrineError('memory', message, { device, fatal: 1 }, thrown);
  if (device === 'webgpu' && lost.test(message)) {
    return new VitrineError('device', message, { device, fatal: 1 }, thrown);
  }
  if (unsupported.test(message)) {
    const what = /\b([A-Z]\w+) ?\(\d+\)|registered for (\w+)/.exec(message);
    return new VitrineError(
      'unsupported',
      message,
      { what: what?.[1] ?? what?.[2] ?? message.slice(0, 120) },
      thrown,
    );
  }
  return new VitrineError('internal', message, {}, thrown);
}
