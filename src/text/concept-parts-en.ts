/** English texts of the concepts view's parts. */
export const partsEn = {
  label: 'What to look into',
  sees: 'What it sees',
  answer: 'While it answers',
  answerLead: 'While the model answers, which inner state means the answer?',
  question: 'Question',
  questionHint: 'In words of the drawn world, as “What color is the car?”.',
  prefix: 'The answer begins with',
  prefixHint: 'May be empty. With “The color is” the next word is the colour itself.',
  repaint: 'The same picture, repainted',
  repaintHint: 'The thing that the question names is drawn in this colour, everything else as it was.',
  repaintNone: 'do not draw it',
  repaintNothing: ({ things }: { readonly things: string }) =>
    `The question names nothing of this picture (${things}), so it was not repainted.`,
  repaintTaxi: 'Take the picture with the taxi',
  repainted: ({ color }: { readonly color: string }) => `The same picture with it in ${color}`,
  repaintedMap: ({ color }: { readonly color: string }) => `The map of the picture in ${color}`,
  throughDepth: ({ token }: { readonly token: string }) => `Through depth at “${token}”`,
  throughDepthHint:
    'Every concept at the chosen token, from the first layer to the last. Grey: inside that layer’s null band. Click a layer to look at it.',
  answerRefereeHint:
    'Does the answer hang on it? The concept’s direction is taken out of the state that decides the next word (or added), in this layer and all later ones. 100 random directions that carry as much variance are the measure.',
  saysNow: ({ said }: { readonly said: string }) => `It now says “${said}”.`,
  askIt: 'Ask and look inside',
  noGenerative: 'No model that answers is here yet. The Models page opens one.',
  answerMap: ({ model }: { readonly model: string }) =>
    `Which concept each token holds, layer by layer: ${model}`,
  answerMapHint: ({ scenes }: { readonly scenes: number }) =>
    `A cell names the concept whose vector its state is most similar to; grey where none leaves the null band. States are centred by their mean over ${scenes} scenes asked the same. “Picture” stands for all image tokens; click it to see them one by one.`,
  pictureTokens: ({ concept, layer }: { readonly concept: string; readonly layer: number }) =>
    `“${concept}” at each image token, layer ${layer}`,
  pictureTokensHint:
    'The state of each image token against the chosen concept. The decoder reads these tokens before it answers: what is warm here can be fetched from here.',
  pictureBand: ({ low, high }: { readonly low: string; readonly high: string }) =>
    `Similarity; null band ${low} to ${high}`,
  readable: ({ layer, layers }: { readonly layer: number; readonly layers: number }) =>
    `The answer is readable from layer ${layer} of ${layers} on, where the next word is decided.`,
  neverReadable: 'Read with these vectors, the last layer does not name the answer.',
  moreOfAnswer: 'Look at this answer in the Ask view',
  stateOf: ({ token, layer }: { readonly token: string; readonly layer: number }) =>
    `“${token}” in layer ${layer}`,
  answer_means: 'From scenes',
  answer_contextual: 'Words alone',
  'answer_logit-lens': 'Logit lens',
  answerHint_means:
    'Mean state of scenes that show the concept minus the mean of all, taken where the model is about to answer (for the picture: over its tokens). Concepts that no scene shows stay empty.',
  answerHint_contextual:
    'The decoder’s own state at the same layer when it reads the concept alone. Early layers compare words rather than what is seen.',
  'answerHint_logit-lens':
    'The state through the final norm and the unembedding: what the model would say if it stopped here. Logits above their mean, no cosines; words of several tokens count by their first.',
  heads: 'Heads',
  retrieval: 'Retrieval',
  check: 'Data check',
  share: 'Share',
  firstOf: ({ shown, all }: { readonly shown: number; readonly all: number }) =>
    `${shown} of ${all}, the first in this order. CSV and JSON hold all.`,
  vectors: 'Concept vectors',
  vectors_text: 'From text',
  vectors_means: 'From scenes',
  vectorsHint_text:
    'The text encoder’s vector of each word. Inner layers are read through the final norm and projection (a lens), so they speak the last layer’s language.',
  vectorsHint_means:
    'The mean state of 384 scenes that show the concept minus the mean of all scenes, in each layer’s own space. Works in any model; words that no scene shows stay empty.',
  templates: 'How a concept is read',
  templatesLabel: 'Sentences, one a line',
  templatesHint:
    'A word’s vector is the mean over these. {} stands for the word, {a} for it with an article. Random words of the null go through the same ones.',
  templatesLost: ({ count }: { readonly count: number }) =>
    count === 1
      ? 'One line has no {} or {a}, or there is no room for it.'
      : `${count} lines have no {} or {a}, or there is no room for them.`,
  templatesUse: 'Use these sentences',
  templatesUsual: 'The usual ones',
  templatesRead: ({ concept }: { readonly concept: string }) => `“${concept}” is read as:`,
  templatesMeans: 'Vectors from scenes need no sentences; the probabilities do.',
  bandMeans: 'Grey is the null band: what vectors of shuffled labels reach.',
  without: ({ heads }: { readonly heads: string }) => `Patches without heads ${heads}.`,
  withAll: 'Use all heads',
  separate: 'Test on held-out scenes',
  separation: 'Does the direction tell scenes apart?',
  separationHint: ({ scenes }: { readonly scenes: number }) =>
    `AUC on ${scenes} other scenes: 0.5 is chance, 1 is perfect. Grey: no better than random vectors or shuffled labels. A dash: the world has no truth for the word.`,
  positionHint:
    'Where a thing stands is no direction of the summary token: it is held by which patch carries the thing. Click the thing’s word in the prompt to read its place.',
  answerSeparationHint:
    'The same question about scenes that the vectors were not made from, read where the model is about to answer.',
  sceneCount: ({ done, total }: { readonly done: number; readonly total: number }) => `${done} of ${total}`,
  referee: 'Causal referee',
  refereeHint:
    'Does the answer hang on it? The concept’s direction is taken out of the picture’s summary token (or added), in this layer and all later ones. 100 random directions that carry as much variance are the measure.',
  refereeConcept: 'Concept',
  refereeFrom: 'From layer',
  remove: 'Remove it',
  add: 'Add it',
  verdict: ({
    concept,
    before,
    after,
  }: {
    readonly concept: string;
    readonly before: string;
    readonly after: string;
  }) => `${concept}: ${before} → ${after}`,
  percentile: ({ value }: { readonly value: string }) =>
    `It moves the answer further than ${value} of 100 matched directions do.`,
  matchedBand: ({ low, high }: { readonly low: string; readonly high: string }) =>
    `Matched directions leave ${low} to ${high} (central 95%).`,
  refereeOthers: 'Probability of it after each concept’s direction was taken instead',
  headsLead: 'What does each attention head say, and what does it tell apart?',
  headsWhat: ({ scenes, pool }: { readonly scenes: number; readonly pool: number }) =>
    `Every head’s direct contribution to the picture’s embedding, on ${scenes} held-out scenes, put into words from a pool of ${pool} phrases (TextSpan).`,
  pooledHeads:
    'This model pools its patches by one attention behind its last layer: these are that attention’s heads, counted as one layer more, and the MLP behind them. What earlier heads write reaches the embedding only through them.',
  headsMap: 'Share of a head’s variance that a property explains',
  headsMapHint:
    'The stronger the colour, the more of this property the head writes. Grey: no more than shuffled labels explain. Click a head to read its words.',
  layer: ({ layer }: { readonly layer: number }) => `Layer ${layer}`,
  head: ({ head }: { readonly head: number }) => `Head ${head}`,
  headName: ({ layer, head }: { readonly layer: number; readonly head: number }) =>
    `Layer ${layer}, head ${head}`,
  property: 'Property',
  property_object: 'Object',
  property_colour: 'Colour',
  property_place: 'Place',
  property_time: 'Time of day',
  property_position: 'Left or right',
  property_weather: 'Weather',
  property_state: 'Physical state',
  property_light: 'Light',
  property_pattern: 'Pattern',
  property_material: 'Material',
  spanWords: 'Its words, in the order they were found',
  spanHint: ({ value }: { readonly value: string }) =>
    `Explained variance up to each word. The dashed line is what as many random phrases explain, ${value}.`,
  word: 'Word',
  explained: 'Explained',
  randomWords: 'random phrases',
  leaveOut: 'Leave this head out',
  putBack: 'Put it back',
  ablation: 'Zero-shot accuracy without the chosen heads',
  ablationHint:
    'Their direct contributions are replaced by their means. Beside it: as many random heads, ten draws, lowest to highest.',
  ablationNone: 'Leave out a head to see what the model can no longer tell.',
  ablationCount: ({ count }: { readonly count: number }) =>
    count === 1 ? '1 head left out' : `${count} heads left out`,
  intact: 'Intact',
  ablated: 'Without',
  random: 'Random heads',
  clear: 'Put all back',
  headsTable: 'All heads',
  topWords: 'Words',
  filterHeads: 'Filter by word',
  noHeads: 'No head fits the filter.',
  retrievalLead: 'Words find pictures, pictures find words: both live in one space.',
  query: 'Search with words',
  search: 'Search',
  foundFor: ({ query }: { readonly query: string }) => `Pictures for “${query}”`,
  resultHint: 'Click a picture to see which captions and which parts of the model match it.',
  resultOf: ({ name, cosine }: { readonly name: string; readonly cosine: string }) =>
    `${name}, cosine ${cosine}`,
  source: 'Pictures',
  sourceWorld: ({ count }: { readonly count: number }) => `${count} drawn scenes`,
  sourceOwn: ({ count }: { readonly count: number }) => `${count} pictures of yours`,
  openFolder: 'Open a folder',
  openFiles: 'Choose files',
  useWorld: 'Back to the drawn scenes',
  folderHint:
    'Or drop it here. Captions come from a CSV, JSON or JSON-lines file beside the pictures (columns file_name and caption) or a .txt of the same name. Nothing leaves this tab, and a folder is not part of the link.',
  reading: ({ done, total }: { readonly done: number; readonly total: number }) =>
    `Picture ${done} of ${total}`,
  embedding: ({ done, total }: { readonly done: number; readonly total: number }) =>
    `Batch ${done} of ${total}`,
  skipped: ({ count, names }: { readonly count: number; readonly names: string }) =>
    `${count} files could not be read and were left out: ${names}.`,
  beyondMost: ({ most, count }: { readonly most: number; readonly count: number }) =>
    `Only the first ${most} pictures are taken; ${count} more were left out. Open them as a folder of their own.`,
  noCaptions: 'No captions were found: search works, the check and the map of pairs mean nothing.',
  map: 'Both modalities on one map',
  mapHint: ({ share }: { readonly share: string }) =>
    `First two principal components, ${share} of the variance. A line joins a picture with its caption.`,
  mapLabel: 'Map of pictures and captions',
  pictures: 'Pictures',
  captions: 'Captions',
  centre: 'Take away each modality’s mean',
  gap: ({ value }: { readonly value: string }) =>
    `The gap: pictures and captions lie ${value} apart (distance of their means; the sphere’s radius is 1).`,
  gapClosed:
    'Without each modality’s mean the two clouds overlap: the gap was one constant step, the same for every pair, so it says nothing about any picture.',
  zeroShot: 'Zero-shot: the concept that fits each picture best',
  zeroShotLabel: 'Best',
  second: 'Next',
  zeroShotHint: ({ count, chance }: { readonly count: number; readonly chance: string }) =>
    `Shares among these ${count} concepts only; chance is ${chance}. A picture that shows none of them gets one all the same.`,
  recall: 'How often the right one is found',
  recallText: ({ k }: { readonly k: number }) => `Picture among the first ${k} for its caption`,
  recallImage: ({ k }: { readonly k: number }) => `Caption among the first ${k} for its picture`,
  chance: ({ value }: { readonly value: string }) => `chance ${value}`,
  captionsFor: 'Captions that fit this picture best',
  matchParts: 'What adds to the match',
  matchHint: ({ total }: { readonly total: string }) =>
    `Logits that each layer’s heads and MLP add to the match with the words; all together ${total}. Grey: what random words get.`,
  part_input: 'Patch embedding',
  part_heads: ({ layer }: { readonly layer: number }) => `Heads of layer ${layer}`,
  part_head: ({ layer, head }: { readonly layer: number; readonly head: number }) => `Head ${layer}.${head}`,
  part_mlp: ({ layer }: { readonly layer: number }) => `MLP of layer ${layer}`,
  part: 'Part',
  logits: 'Logits',
  checkLead: 'Which captions do not belong to their pictures?',
  checkWhat:
    'Drop a folder of pictures with captions: every pair gets an alignment score, the worst come first, copies are named.',
  checkDemo: ({ count }: { readonly count: number }) =>
    `These are drawn scenes. The captions of ${count} of them were swapped on purpose, so that there is something to find.`,
  checkFound: ({ found, count }: { readonly found: number; readonly count: number }) =>
    `Of the ${count} swapped ones, ${found} stand among the first ${count}.`,
  pairs: 'Pairs, the worst first',
  pair: 'Pair',
  picture: 'Picture',
  caption: 'Caption',
  alignment: 'Alignment',
  remark: 'Remark',
  mismatch: 'likely mismatch',
  twinOf: ({ name }: { readonly name: string }) => `copy of ${name}`,
  sameCaption: 'same caption as others',
  betterCaption: 'Fits better',
  distribution: 'Distribution of the scores',
  distributionHint:
    'Pairs put together at random fill the grey range (5% to 95%). What lies below its upper end is named a likely mismatch.',
  distributionLabel: 'Histogram of alignment scores',
  counts: ({
    pairs,
    mismatches,
    twins,
  }: {
    readonly pairs: number;
    readonly mismatches: number;
    readonly twins: number;
  }) => `${pairs} pairs: ${mismatches} likely mismatches, ${twins} near-duplicates.`,
  scores: ({
    cosine,
    picture,
    caption,
  }: {
    readonly cosine: string;
    readonly picture: number;
    readonly caption: number;
  }) =>
    `Cosine ${cosine}. For the picture this caption is number ${caption}; for the caption this picture is number ${picture}.`,
  onlyDoubtful: 'Likely mismatches only',
  onlyTwins: 'Near-duplicates only',
  filterPairs: 'Filter by caption or file',
  noPairs: 'No pair fits the filter.',
  paste: 'Paste or upload a list',
  pasteHint: 'One concept a line, or separated by commas.',
  use: 'Use this list',
  uploadList: 'Open a text file',
  conceptLong: ({ text, most }: { readonly text: string; readonly most: number }) =>
    `“${text}” is longer than ${most} characters. Shorten it; nothing was changed.`,
  conceptFull: ({
    text,
    count,
    most,
  }: {
    readonly text: string;
    readonly count: number;
    readonly most: number;
  }) =>
    `No room from “${text}” on (${count} in all): a link holds ${most} concepts, and fewer long ones. Take some out; nothing was changed.`,
  listUnread: ({ name }: { readonly name: string }) =>
    `${name} is no text file of up to 1 MB; the list is as it was.`,
  set_time: 'Times of day',
  set_position: 'Positions',
  set_count: 'Counts',
  set_sky: 'Sky',
  set_weather: 'Weather',
  set_state: 'Physical states',
  set_light: 'Light',
  set_pattern: 'Patterns',
  set_material: 'Materials',
} as const;
