/** English texts of the neurons view. */

export interface Given {
  readonly concept: string;
  readonly intact: string;
  readonly off: string;
}

export interface Verdict {
  readonly gives: string;
  readonly percentile: string;
  readonly sets: number;
}

export const neuronsEn = {
  lead: 'What does each single neuron detect?',
  what: 'Dissection shows the model many drawn scenes in which every pixel is labelled, and asks of each neuron: where you fire, what is there?',
  start: 'Choose a layer and press Dissect.',
  model: 'Model',
  layer: 'Layer',
  scenes: 'Scenes',
  scenesHint: 'More scenes give steadier figures and take longer.',
  seed: 'Seed of the scenes',
  dissect: 'Dissect',
  passThreshold: 'First pass: finding each neuron’s threshold',
  passCount: 'Second pass: counting what lies under it',
  sceneOf: ({ done, total }: { readonly done: number; readonly total: number }) => `${done} of ${total}`,
  partial: 'Figures so far; they firm up until the end.',
  partialStopped: 'Stopped. These figures come from a part of the scenes only.',
  table: 'Neurons',
  unit: 'Unit',
  concept: 'Concept',
  category: 'Category',
  iou: 'IoU',
  ceiling: 'Ceiling',
  threshold: 'Threshold',
  runnerUp: 'Runner-up',
  dead: 'never varies',
  iouHint:
    'Overlap of where the neuron fires with where the concept is. From 0.04 on it counts as a detector.',
  ceilingHint:
    'The best IoU that a neuron firing on so small a share of positions could reach for a concept this large.',
  filter: 'Filter by concept',
  allCategories: 'All categories',
  detectorsOnly: 'Detectors only',
  count: ({
    shown,
    total,
    detectors,
  }: {
    readonly shown: number;
    readonly total: number;
    readonly detectors: number;
  }) => `${shown} of ${total} units, ${detectors} detectors`,
  none: 'No unit fits the filter.',
  categories: 'Detectors by category',
  category_scene: 'scene',
  category_object: 'object',
  category_part: 'part',
  category_material: 'material',
  category_texture: 'texture',
  category_color: 'colour',
  detectors: 'Detectors',
  recipe: ({
    recipe,
    percent,
    pictures,
  }: {
    readonly recipe: string;
    readonly percent: string;
    readonly pictures: string;
  }) => `${recipe}, top ${percent} of activations, ${pictures}`,
  recipePerImage: ({ recipe, pictures }: { readonly recipe: string; readonly pictures: string }) =>
    `${recipe}, above twice a picture’s own mean, ${pictures}`,
  fromSeed: ({ scenes, seed }: { readonly scenes: number; readonly seed: number }) =>
    `${scenes} scenes from seed ${seed}`,
  fromData: ({ pictures, name }: { readonly pictures: number; readonly name: string }) =>
    `${pictures} pictures of ${name}`,
  unitTitle: ({ unit }: { readonly unit: number }) => `Unit ${unit}`,
  unitDetects: ({
    concept,
    category,
    iou,
  }: {
    readonly concept: string;
    readonly category: string;
    readonly iou: string;
  }) => `${concept} (${category}), IoU ${iou}`,
  unitRunnerUp: ({ concept, iou }: { readonly concept: string; readonly iou: string }) =>
    `runner-up ${concept}, IoU ${iou}`,
  unitHint:
    'The scenes that drive it highest, with its activation drawn on them; below the threshold the heat is left out.',
  unitDead: 'This unit gives the same value everywhere: it detects nothing.',
  examplePeak: ({ caption, peak }: { readonly caption: string; readonly peak: string }) =>
    `${caption}: peak ${peak}`,
  peak: ({ peak }: { readonly peak: string }) => `peak ${peak}`,
  legend: 'Activation',
  pickRow: 'Choose a row to see what drives that neuron.',
  loadingUnit: 'Drawing its strongest scenes',
  panels: 'What to look at',
  panel_units: 'Units',
  panel_words: 'Words',
  panel_layers: 'Layers',
  panel_picture: 'Your picture',
  panel_compare: 'Compare',
  panel_referee: 'Referee',
  panel_paint: 'Paint',
  recipeLabel: 'Recipe',
  recipe_netdissect: 'NetDissect',
  'recipe_per-image': 'Per image',
  recipe_dissect: 'dissect (GAN)',
  recipeHint_netdissect: 'Top 0.5% of activations, IoU pooled over scenes that contain the label’s category.',
  recipeHint_dissect: 'Top 1% after enlarging, IoU pooled over all pixels.',
  'recipeHint_per-image': 'Above twice a scene’s own mean, IoU averaged over scenes that contain the label.',
  noise: 'Noise of the picture',
  noiseHint:
    'A U-Net sees pictures under noise: 0 is clean, as in the last denoising steps; 1 is pure noise.',
  kind_neurons: 'MLP neurons',
  kind_directions: 'residual directions',
  kind_channels: 'channels',
  kind_channelsWithin: 'channels within',
  kind_channelsSum: 'channels before ReLU',
  layerNumber: ({ name }: { readonly name: string }) => `Layer ${name}`,
  coverage: 'Coverage',
  auc: 'AUC',
  next: 'Next-best labels',
  coverageHint: 'Coverage: the share of the concept’s pixels on which the unit fires.',
  aucHint: 'AUC: how well its peak tells scenes with the concept from those without; 0.5 is chance.',
  byCategory: 'Detectors by category',
  onlyCategory: ({ category, count }: { readonly category: string; readonly count: number }) =>
    `${category}: ${count} detectors; show only these`,
  noDetectors: 'No unit reaches the 0.04 from which one speaks of a detector.',
  surveyLead:
    'How many detectors does each layer have, and would a network with shuffled weights have them too?',
  surveyStart: 'Count every layer',
  surveyHint: ({ layers, scenes }: { readonly layers: number; readonly scenes: number }) =>
    `${layers} layers, ${scenes} scenes each; then all of them once more with shuffled weights.`,
  surveyDoing: ({ done, total }: { readonly done: number; readonly total: number }) =>
    `Layer ${done} of ${total}`,
  surveyTable: 'Detectors in each layer',
  shareAxis: 'Bars show the share of a layer’s units that are detectors.',
  shuffled: 'Shuffled',
  shuffledHint:
    'Grey: the same layer after the values of every weight were shuffled. Detectors inside of the grey are no achievement of training.',
  surveyOpen: 'Choose a layer to dissect it in full.',
  layerColumn: 'Layer',
  detectorsColumn: 'Detectors',
  conceptsColumn: 'Concepts',
  unitsColumn: 'Units',
  deadColumn: 'Dead',
  bestColumn: 'Best IoU',
  figuresTable: 'All figures',
  pictureLead: 'Which units fire where on one picture? Click a place.',
  pictureUpload: 'Open a picture',
  pictureScene: 'Another scene',
  pictureHint: 'Or drop it anywhere, or paste it. It stays in this tab.',
  pictureNoLayer: 'Choose a layer first.',
  pictureNoTable: 'Dissect the layer to name its units and to know their thresholds.',
  pictureWhole: 'Strongest anywhere in the picture',
  pictureAt: ({ row, column }: { readonly row: number; readonly column: number }) =>
    `Strongest at row ${row}, column ${column}`,
  pictureUnits: 'Units that fire on this picture',
  pictureOf: ({ unit }: { readonly unit: number }) => `Where unit ${unit} fires`,
  pictureWholeButton: 'Whole picture',
  pictureFires: ({ count, total }: { readonly count: number; readonly total: number }) =>
    `${count} of ${total} live units rise above their threshold on this picture.`,
  pictureRatio: 'Activation / threshold',
  pictureReading: ({
    value,
    row,
    column,
  }: {
    readonly value: string;
    readonly row: number;
    readonly column: number;
  }) => `${value} at row ${row}, column ${column}`,
  pictureImage: 'The picture; click a place to list the units that fire there',
  times: ({ value }: { readonly value: string }) => `${value} × threshold`,
  unnamed: 'no concept',
  compareLead: 'Is it the training, or would any network do? Set the layer against another.',
  against: 'Against',
  against_shuffled: 'Shuffled weights',
  against_layer: 'Another layer',
  otherModel: 'Other model',
  otherLayer: 'Other layer',
  compareNeedsTable: 'Dissect the layer first; it is then compared.',
  compareTable: 'Detectors of both sides',
  compareLeft: 'This layer',
  compareVerdict: ({
    left,
    leftTotal,
    right,
    rightTotal,
  }: {
    readonly left: number;
    readonly leftTotal: number;
    readonly right: number;
    readonly rightTotal: number;
  }) => `${left} of ${leftTotal} units are detectors, against ${right} of ${rightTotal}.`,
  compareCategories: 'Detectors by category, as a share of the units',
  compareConcepts: 'Concepts with detectors',
  compareBoth: ({ count }: { readonly count: number }) => `on both sides: ${count}`,
  compareLeftOnly: ({ count }: { readonly count: number }) => `on this side only: ${count}`,
  compareRightOnly: ({ count }: { readonly count: number }) => `on the other side only: ${count}`,
  compareDistribution: 'IoU of all live units',
  compareDoing: 'Dissecting the other side',
  refereeLead: 'Does the model need these units? Switch them off and ask it again.',
  refereeConcept: 'Concept',
  refereeUnits: 'Units switched off',
  refereeUnitsHint: ({ count }: { readonly count: number }) =>
    `The concept’s best units, ${count} at most, unless you choose others in the table.`,
  refereeReset: 'Back to the best ones',
  refereeStart: 'Switch them off',
  refereeDoing: ({ done, total }: { readonly done: number; readonly total: number }) =>
    `Set ${done} of ${total}`,
  refereeGives_match: ({ concept, intact, off }: Given) =>
    `With these units off, the model gives “${concept}” ${off} instead of ${intact} in scenes that show it`,
  refereeGives_answer: ({ concept, intact, off }: Given) =>
    `With these units off, the model answers yes with ${off} instead of ${intact} when it is asked whether there is “${concept}” in scenes that show it`,
  refereeGives_picture: ({ concept, intact, off }: Given) =>
    `With these units off, “${concept}” is recognised with ${off} instead of ${intact} in pictures drawn of it`,
  refereeVerdict: ({ gives, percentile, sets }: Verdict) =>
    `${gives}: a greater loss than that of ${percentile} of ${sets} random sets.`,
  refereeNone: ({ gives, percentile, sets }: Verdict) =>
    `${gives}. That is ordinary: ${percentile} of ${sets} random sets lose less.`,
  refereeLoss: 'Probability lost',
  refereeMark: ({ loss }: { readonly loss: string }) => `these units ${loss}`,
  refereeDot: 'One dot: a random set of as many live units, matched in mean activation.',
  refereeSwarm: ({ sets, percentile }: { readonly sets: number; readonly percentile: string }) =>
    `Losses of ${sets} matched random sets; the chosen units lose more than ${percentile} of them`,
  refereeIntact: 'All units on',
  refereeOff: 'These units off',
  refereeMatched: 'Matched sets off, median',
  refereeChance_match:
    'Probability of its name among the names of its kind, in scenes that show it (zero-shot).',
  refereeChance_answer: 'Probability of yes against no, in scenes that show it.',
  refereeChance_picture: 'Probability of its name among the names of its kind, in pictures drawn of it.',
  refereeProbability: 'Probability',
  refereeNamed: ({
    concept,
    intact,
    off,
    names,
  }: {
    readonly concept: string;
    readonly intact: string;
    readonly off: string;
    readonly names: number;
  }) =>
    `Of ${names} names, “${concept}” is the likeliest in ${intact} of these scenes, with the units off in ${off}.`,
  refereeAuc: ({ intact, off }: { readonly intact: string; readonly off: string }) =>
    `AUC of telling them from other scenes by the match with the name alone: ${intact}, with the units off ${off}.`,
  refereeScenes: ({ present, absent }: { readonly present: number; readonly absent: number }) =>
    `${present} scenes with it, ${absent} without.`,
  refereeDrawn: ({ pictures, judge }: { readonly pictures: number; readonly judge: string }) =>
    `${pictures} pictures a set, the same noise for every set, looked at by ${judge}.`,
  refereeMatch: ({ ratio }: { readonly ratio: string }) => `Matched sets have ${ratio} times the activation.`,
  refereeNeedsTable: 'Dissect the layer first: the referee asks about concepts that units were named by.',
  paintLead: 'Switch units on under a brush while the model draws: does what they detect appear there?',
  paintNeedsDrawer: 'Only a model that draws can be painted into. Choose a diffusion model on the left.',
  paintNeedsTable: 'Dissect the layer first: the brush needs to know what its units detect.',
  paintUnits: 'Units on the brush',
  paintLess: 'Take off the brush',
  paintPrompt: 'Prompt of the picture',
  paintStrength: 'Strength',
  paintStrengthHint: 'Multiples of what each unit rises above in 0.5% of places of ordinary pictures.',
  paintSeed: 'Noise',
  paintBefore: 'Without, and the brush',
  paintAfter: 'These units on',
  paintControl: 'A matched random set on instead',
  paintBrushHint: 'Brush a part of the picture. It is drawn when you start.',
  paintWaiting: 'Not drawn yet.',
  paintStart: 'Draw and paint',
  paintDoing: ({ done, total }: { readonly done: number; readonly total: number }) =>
    `Picture ${done} of ${total}`,
  paintVerdict: ({
    concept,
    judge,
    before,
    after,
    percentile,
    sets,
  }: {
    readonly concept: string;
    readonly judge: string;
    readonly before: string;
    readonly after: string;
    readonly percentile: string;
    readonly sets: number;
  }) =>
    `In the brushed part ${judge} recognises “${concept}” with ${after} instead of ${before}: a greater gain than that of ${percentile} of ${sets} random sets painted the same way.`,
  paintGain: 'How much likelier the name became',
  paintSwarm: ({ sets, percentile }: { readonly sets: number; readonly percentile: string }) =>
    `Gains of ${sets} matched random sets; the chosen units gain more than ${percentile} of them`,
  paintChange: ({ inside, outside }: { readonly inside: string; readonly outside: string }) =>
    `Colours change by ${inside} of their range in the brushed part, by ${outside} elsewhere.`,
  paintHow:
    'The units are set in every step, in the half of the run that reads the prompt, so that guidance strengthens what they do. The probability is that of the name among the names of its kind, in the square around the brush.',
  switchOff: 'Switch off',
  switchOn: 'Switch on again',
  toReferee: ({ count }: { readonly count: number }) => `To the referee (${count} off)`,
  sentence: ({
    thing,
    mostly,
    rarely,
    also,
    less,
  }: {
    readonly thing: string;
    readonly mostly: string;
    readonly rarely: string;
    readonly also: string;
    readonly less: string;
  }) => `Fires on ${thing}${mostly}${rarely}${also}${less}.`,
  sentenceMostly: ({ conditions }: { readonly conditions: string }) => `, mostly ${conditions}`,
  sentenceRarely: ({ conditions }: { readonly conditions: string }) => `, rarely ${conditions}`,
  sentenceAlso: ({ things }: { readonly things: string }) => `; also on ${things}`,
  sentenceLess: ({ conditions }: { readonly conditions: string }) => `; less often ${conditions}`,
  with_thing: ({ thing }: { readonly thing: string }) => `with ${thing}`,
  on_object: ({ concept }: { readonly concept: string }) => `of ${concept}`,
  on_part: ({ concept }: { readonly concept: string }) => `on ${concept}`,
  on_material: ({ concept }: { readonly concept: string }) => `of ${concept}`,
  on_texture: ({ concept }: { readonly concept: string }) => `where it is ${concept}`,
  on_color: ({ concept }: { readonly concept: string }) => `in ${concept}`,
  on_scene: ({ concept }: { readonly concept: string }) => `in ${concept} scenes`,
  on_time: ({ concept }: { readonly concept: string }) => `at ${concept}`,
  thing_color: ({ concept }: { readonly concept: string }) => `${concept} surfaces`,
  thing_texture: ({ concept }: { readonly concept: string }) => `${concept} surfaces`,
  thing_scene: ({ concept }: { readonly concept: string }) => `${concept} scenes`,
  sentenceScore: ({
    auc,
    scenes,
    images,
  }: {
    readonly auc: string;
    readonly scenes: number;
    readonly images: number;
  }) =>
    `Knowing only this, and how large these things are, one can tell the scenes in which it fires with AUC ${auc} (chance 0.50), on ${scenes} scenes kept aside. Found on ${images} others.`,
  sentenceNoScore: ({ scenes }: { readonly scenes: number }) =>
    `It cannot be scored: the unit fires in none or in all of ${scenes} scenes kept aside.`,
  sentenceTable: 'What the sentence rests on',
  sentenceThing: 'Thing',
  sentenceShown: 'Scenes that show it',
  sentenceRate: 'Fires in',
  sentenceOtherwise: 'In the others',
  sentenceOdds: 'Odds',
  sentenceOddsHint:
    'Odds: what one of usual size multiplies the odds of firing by, the other things being equal.',
  sentenceWhy: ({
    concept,
    thing,
    share,
    baseline,
  }: {
    readonly concept: string;
    readonly thing: string;
    readonly share: string;
    readonly baseline: string;
  }) => `${concept}: ${share} of where it fires on “${thing}”, ${baseline} of “${thing}” altogether`,
  evidence: 'Evidence',
  distribution: 'Activation inside and outside of the concept',
  inside: ({ concept }: { readonly concept: string }) => `inside ${concept}`,
  outside: 'elsewhere',
  valuesTable: 'Table of values',
  from: 'From',
  distributionHint: 'Heights are square roots of shares, so that rare high values can be seen.',
  allLabels: 'All labels',
  labelIou: 'IoU',
  moreLabels: ({ count }: { readonly count: number }) => `${count} more`,
  loadingEvidence: 'Weighing the evidence',
  topScenes: 'Strongest scenes',
  maskHint: 'Heat where the activation is above the threshold.',
  data: 'Data',
  dataWorld: 'Drawn scenes',
  dataOpen: 'Folder…',
  dataZip: 'Zip…',
  dataHint:
    'Broden, COCO, image and mask pairs, or pictures alone: a folder or a zip. It stays on this machine.',
  dataAgain: ({ name }: { readonly name: string }) =>
    `The link was made with the data set “${name}”. Open it again to go on, or take the drawn scenes.`,
  dataReading: 'Looking into it',
  dataFound: ({
    format,
    images,
    labels,
  }: {
    readonly format: string;
    readonly images: number;
    readonly labels: number;
  }) => `${format}: ${images} pictures, ${labels} labels.`,
  dataMissing: ({ count }: { readonly count: number }) =>
    count === 1
      ? '1 file is missing or broken; the rest is used'
      : `${count} files are missing or broken; the rest is used`,
  format_broden: 'Broden',
  'format_coco-panoptic': 'COCO panoptic',
  'format_coco-instances': 'COCO instances',
  format_masks: 'Pictures with label images',
  format_pictures: 'Pictures without labels',
  dataNow: ({ name }: { readonly name: string }) => `Data set: ${name}`,
  resume: 'Go on',
  paused: 'What was counted is kept, also when the page is loaded again: go on whenever you like.',
  startOver: 'Start over',
  resumed: ({ share }: { readonly share: string }) => `Gone on from ${share} of an earlier run.`,
};
