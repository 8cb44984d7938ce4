/** Where the computing happens, and what became of a device: English texts. */
export const runtimeEn = {
  fallback_lost:
    'The graphics processor stopped answering. What was running started again on the processor (WASM), which gives the same results. Nothing of yours is lost.',
  fallback_full:
    'The graphics processor had no memory left. What was running started again on the processor (WASM), which gives the same results. Nothing of yours is lost.',
  fallback_differs:
    'On a small test the graphics processor computed other numbers than the processor, so it is not trusted with this model. The processor (WASM) goes on in its place.',
  tryAgain: 'Try WebGPU again',
};
