/** English texts of naming units with words (CLIP-Dissect). */
export const namingEn = {
  lead: 'No labels? Name the units with words: those that fit a unit’s strongest pictures better than they fit any unit’s.',
  start: 'Choose a layer and pictures at the left, then name the units.',
  words: 'Words to choose from',
  wordsHint:
    'Separated by commas; a list of your own may hold 20,000. Empty: the labels of the drawn scenes.',
  list: 'List of words…',
  listNow: ({ name, count }: { readonly name: string; readonly count: number }) => `${name}: ${count} words`,
  listAgain: ({ name }: { readonly name: string }) =>
    `The link was made with the list “${name}”. Open it again to go on, or take the words in the field.`,
  listNone: 'Words in the field',
  judge: 'Who matches pictures with words',
  own: 'The model itself',
  run: 'Name the units',
  doing: ({ done, total }: { readonly done: number; readonly total: number }) =>
    `Picture ${done} of ${total}`,
  recipe: ({
    images,
    top,
    words,
    judge,
  }: {
    readonly images: number;
    readonly top: number;
    readonly words: number;
    readonly judge: string;
  }) =>
    `CLIP-Dissect (SoftWPMI), ${words} words, ${images} pictures, each unit by its ${top} strongest; matched by ${judge}`,
  count: ({
    shown,
    total,
    above,
  }: {
    readonly shown: number;
    readonly total: number;
    readonly above: number;
  }) => `${shown} of ${total} units, ${above} above chance`,
  unknown: ({ judge, words }: { readonly judge: string; readonly words: string }) =>
    `${judge} does not know these words, and they were left out: ${words}.`,
  table: 'Units and their words',
  word: 'Word',
  score: 'Score',
  next: 'Next words',
  masks: 'By masks',
  above: 'Above chance only',
  hint: ({ chance }: { readonly chance: string }) =>
    `Score: pointwise mutual information of unit and word, in nats; 0 is a word that fits this unit no better than any. As many pictures drawn at random reach ${chance} in 1 of 20 draws: names below that are faint.`,
  masksHint: 'By masks: the label that the dissection of the same layer found, where there is one.',
  unitNamed: ({ concept, score }: { readonly concept: string; readonly score: string }) =>
    `${concept}, ${score} nats`,
  unitNext: ({ words }: { readonly words: string }) => `then ${words}`,
  unitHint: 'The pictures with its highest mean activation, which is drawn on them.',
  toWords: 'These pictures have no labels to dissect by. Units can be named with words instead.',
  toWordsButton: 'Name units with words',
};
