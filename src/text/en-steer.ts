/** English texts of steering, pictures of one's own, and comparing. */
export const steerEn = {
  modes: 'What to do',
  look: 'Look',
  steer: 'Steer',
  picture: 'Picture',
  compare: 'Compare',
  steerLead: 'Change what a word does, and keep the rest of the picture.',
  pictureLead: 'Where does each word look in your own picture?',
  compareLead: 'Two prompts, seeds or models, side by side.',
  source: 'As prompted',
  target: 'Changed',
  pairHint: 'Click a word, then change it on the right. Both pictures start from the same noise.',
  heat: 'Show where the word looks',
  difference: 'Show the difference',
  differenceLegend: 'Difference, right minus left',
  differenceHint:
    'Zero is neutral; of the lit word’s probability, or of the pictures’ lightness when no word is lit.',
  changed: ({ value }: { readonly value: string }) => `${value} mean change of the picture`,
  same: 'Nothing is changed yet.',
  change: 'Change',
  chooseWord: 'Click a word under the pictures to change it.',
  wordIs: ({ word }: { readonly word: string }) => `“${word}”`,
  instead: 'Say instead',
  insteadNone: 'as it is',
  apply: 'Apply',
  weight: 'How much it counts',
  weightHint: '1 is as it was, 0 switches it off, below 0 pushes it away.',
  recolour: 'Read another word here, prompt unchanged',
  recolourNone: 'no',
  recipe: 'Recipe',
  recipeA: 'A: this word',
  recipeB: 'B: and all after it',
  recipeHint:
    'The map stays. A exchanges what is read at the word itself; B also at all later tokens, because the text encoder tells them of it.',
  paint: 'Paint where it should look',
  painting: 'Drag over the right picture. Its map is pushed there and kept off the rest.',
  paintGrid: 'Painted cells',
  paintKeys: 'Arrow keys move, space paints.',
  paintClear: 'Clear',
  paintDone: 'Draw it',
  strength: 'How hard',
  keepRest: 'Keep the picture outside of its map',
  add: 'Add words',
  addHint: 'New words at the end of the prompt, as “at night”.',
  everywhere: 'Everywhere',
  inside: 'In a painted part only',
  fine: 'Fine control',
  mapsFrom: 'Maps of the first picture from',
  maps: 'Maps of the first picture until',
  selfFrom: 'Self-attention of the first picture from',
  self: 'Self-attention of the first picture until',
  stepShare: ({ percent }: { readonly percent: string }) => `${percent} of the steps`,
  renormalise: 'Keep the sum of each row at 1',
  undo: 'Undo',
  redo: 'Redo',
  reset: 'Start over',
  pin: 'Keep this on the left',
  unpin: 'Left as prompted again',
  pinned: 'Earlier edit',
  history: 'Your edits',
  historyItem: ({ number, text }: { readonly number: number; readonly text: string }) =>
    `Edit ${number}: ${text}`,
  plain: 'unchanged',
  account: 'What exactly was changed',
  account_maps: 'Maps taken from the first picture',
  account_weights: 'Maps multiplied',
  account_self: 'Self-attention taken from the first picture',
  account_values: ({ recipe }: { readonly recipe: string }) =>
    `Values of the other word read (recipe ${recipe})`,
  account_scores: 'Scores raised inside the paint, lowered outside',
  account_latents: 'Outside of the mask, the first picture’s latents',
  accountPlace: ({ layers, steps }: { readonly layers: number; readonly steps: string }) =>
    layers === 0 ? `steps ${steps}` : `${layers} layers, steps ${steps}`,
  allTokens: 'all tokens',
  otherPrompt: 'Other prompt',
  otherSeed: 'Other seed',
  otherModel: 'Other model',
  sameModel: 'the same',
  left: 'Left',
  right: 'Right',
  reopened: 'Opened from the picture’s own settings.',
};

/** English texts of what is seen inside a run. */
export const insideEn = {
  film: 'The run as a film',
  filmHint:
    'Drag through the run. Left what goes into the step, as colours of the latents; in the middle the picture it would become; right the finished latents with as much noise put back.',
  filmStep: ({
    step,
    total,
    signal,
  }: {
    readonly step: number;
    readonly total: number;
    readonly signal: string;
  }) => (step > total ? 'finished' : `step ${step} of ${total}, ${signal} signal`),
  filmSeek: 'Moment of the run',
  play: 'Play',
  pause: 'Pause',
  filmIn: 'Denoising: latents',
  filmGuess: 'Predicted clean picture',
  filmForward: 'Noising: latents',
  place: 'What a place looks at',
  placeHint: 'Click a place in the picture: self-attention from there.',
  placeOf: ({ row, column }: { readonly row: number; readonly column: number }) =>
    `Self-attention from row ${row}, column ${column}`,
  placeUniform: ({ value }: { readonly value: string }) => `Uniform is ${value}.`,
  memory: ({
    used,
    budget,
    kept,
    total,
  }: {
    readonly used: string;
    readonly budget: string;
    readonly kept: number;
    readonly total: number;
  }) => `Self-attention of all layers and heads takes ${used} of ${budget} MB: ${kept} of ${total} steps.`,
  crossMemory: ({
    used,
    budget,
    thinning,
  }: {
    readonly used: string;
    readonly budget: string;
    readonly thinning: 'none' | 'grid' | 'heads';
  }) => {
    const given = {
      none: 'every layer, head and step is kept',
      grid: 'every layer, head and step is kept, grids finer than 32 × 32 averaged down to that',
      heads: 'every layer and step is kept, heads averaged, grids no finer than 32 × 32',
    };
    return `Cross-attention takes ${used} of ${budget} MB: ${given[thinning]}.`;
  },
  grid: 'All maps at once',
  gridBy: 'By',
  byLayer: 'layers',
  byHead: 'heads',
  byStep: 'steps',
  gridCell: ({ word, at }: { readonly word: string; readonly at: string }) => `${word}, ${at}`,
  figures: 'Figures of the words',
  word: 'Word',
  mean: 'Mean',
  peakColumn: 'Peak',
  entropy: 'Entropy',
  entropyHint: 'Entropy of the map over the picture, as a share of a flat one’s: 1 points nowhere.',
  binding: 'Heads that look for both',
  bindingHint: ({ first, second }: { readonly first: string; readonly second: string }) =>
    `Correlation of “${first}” and “${second}”, head by head: 1 is the same place, 0 no relation. Light two words to choose them.`,
  bindingNone: 'Light two words, as a colour and its object.',
  bindingMean: ({ value }: { readonly value: string }) => `Mean of all heads ${value}`,
  probes: 'Words not in the prompt',
  probesHint: 'The picture stays as it is: where would the model look for this word?',
  addProbe: 'Ask',
  removeProbe: ({ word }: { readonly word: string }) => `Remove ${word}`,
  recipe: 'Recipe',
  recipeDaam: 'DAAM: attention probability',
  recipeOutputs: 'Outputs, after ConceptAttention',
  outputsHint:
    'Shares among the words shown, from what attention hands on, not from where it looks; all heads and steps together.',
  outputsLegend: 'Share among the words',
  noise: 'How much noise',
  noiseHint: 'The picture is taken so far towards noise, and read on the way back.',
  by: 'How',
  byNoise: 'Fresh noise',
  byInversion: 'DDIM inversion',
  inspect: 'Look into it',
  ownPicture: 'Your picture',
  guess: 'What the model makes of it',
  guessError: ({ value }: { readonly value: string }) => `mean difference ${value}`,
};
