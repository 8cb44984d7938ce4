/** Where the computing happens, and what became of a device: English texts. */
export const runtimeEn = {
  fallback_lost:
    'The graphics processor stopped answering. What was running started again on the processor (WASM), which gives the same results. Nothing of yours is lost.',
  fallback_full:
    'The graphics processor had no memory left. What was running started again on the processor (WASM), which gives the same results. Nothing of yours is lost.',
  fallback_differs:
    'On a small test the graphics processor computed other numbers than the processor, so it is not trusted with this model. The processor (WASM) goes on in its place.',
  classes: 'What the model says it is',
  className: 'Class',
  classNumber: ({ number }: { readonly number: number }) => `class ${number}`,
  classInside: 'no more than for plain grey',
  classesHint: ({ count, uniform }: { readonly count: number; readonly uniform: string }) =>
    `Probability among ${count} classes; by chance each would get ${uniform}. The grey band is what a picture of nothing but grey gets. In this tab the model reads a picture of yours at its own size; a link carries it at 192 × 192.`,
  classesUnnamed: 'The model’s folder does not name its classes, so they stand by their numbers.',
  tryAgain: 'Try WebGPU again',
};
