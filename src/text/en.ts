import { askEn } from './ask-en.ts';
import { partsEn } from './concept-parts-en.ts';
import { insideEn, steerEn } from './en-steer.ts';
import { modelsEn } from './models-en.ts';
import { namingEn } from './naming-en.ts';
import { neuronsEn } from './neurons-en.ts';
import { runtimeEn } from './runtime-en.ts';

/** English texts. Every other language has the same keys with the same parameters; see `catalogue.ts`. */
export const en = {
  parts: partsEn,
  steer: steerEn,
  inside: insideEn,
  page: {
    title: 'Vitrine',
    skip: 'Skip to the exhibit',
    views: 'Views',
    attention: 'Attention',
    concepts: 'Concepts',
    neurons: 'Neurons',
    ask: 'Ask',
    models: 'Models',
    language: 'Language',
    theme: 'Appearance',
    themeAuto: 'Auto',
    themeLight: 'Light',
    themeDark: 'Dark',
    copyLink: 'Copy link',
    copied: 'Link copied',
    copyFailed: 'The browser did not allow copying. The link is in the address bar.',
    linkPromise: 'Opens this view with the same result: identical on WASM, within 0.01 across devices.',
    close: 'Close',
    dismiss: 'Dismiss',
    dropHere: 'Drop a picture or a model to look into it',
    goesIn: 'What goes in',
    exhibit: 'The exhibit',
    isInside: 'What is inside',
    more: 'Settings',
  },
  models: modelsEn,
  runtime: runtimeEn,
  status: {
    starting: 'Starting the worker',
    device: 'Device',
    wasm: 'WASM',
    webgpu: 'WebGPU',
    noWebgpu: 'This browser offers no WebGPU adapter, so the processor computes (WASM).',
    softwareWebgpu: 'WebGPU is emulated in software here: correct, but far slower than WASM.',
    threads: ({ count }: { readonly count: number }) => (count === 1 ? '1 thread' : `${count} threads`),
    isolated: 'isolated',
    notIsolatedWhy:
      'The server does not send the cross-origin isolation headers, so WASM runs on one thread: slower, with the same results.',
    models: ({ megabytes }: { readonly megabytes: string }) => `models ${megabytes} MB`,
    local: 'Everything runs in this tab; nothing leaves it.',
    restart: 'Restart',
  },
  run: {
    generate: 'Generate',
    again: 'Try again',
    cancel: 'Stop',
    loading: 'Reading and checking the model',
    waiting: 'Starting',
    step: ({ done, total }: { readonly done: number; readonly total: number }) => `Step ${done} of ${total}`,
    left: ({ seconds }: { readonly seconds: string }) => `about ${seconds} s left`,
    took: ({ seconds, device }: { readonly seconds: string; readonly device: string }) =>
      `Computed here on ${device} in ${seconds} s`,
    finished: 'Finished',
    stopped: 'Stopped.',
    stoppedKept: 'Stopped. What you see is the earlier result.',
    outdated: 'This is the earlier result.',
    nothing: 'Nothing to show yet.',
    soon: 'As soon as there is a result, you can look into its layers here.',
  },
  attention: {
    lead: 'Where did the model look for each word while it drew?',
    prompt: 'Prompt',
    promptHint: 'The model knows English words for a small drawn world.',
    model: 'Model',
    seed: 'Seed',
    newSeed: 'Another picture of it',
    steps: 'Steps',
    guidance: 'Guidance',
    guidanceHint: 'How strictly the picture follows the prompt; 1 is without guidance.',
    firstHint: 'Each word below is a button: click one to see where the model looked for it.',
    compareHint: 'Click more words to compare them; click a lit one to put it out.',
    words: 'Words of the prompt',
    special: 'Show start and end tokens',
    start: 'start',
    end: 'end',
    padding: 'padding',
    clear: 'Clear',
    weight: 'Number under a word: its highest probability anywhere in the picture.',
    peak: ({ value }: { readonly value: string }) => `peak ${value}`,
    unknownChip: 'Not in the vocabulary',
    layer: 'Layer',
    head: 'Head',
    step: 'Step',
    allLayers: 'Mean of all layers',
    allHeads: 'Mean of all heads',
    lateSteps: 'Mean of the later half: sharper, less even',
    allSteps: 'Mean of all steps, as published',
    headNumber: ({ number }: { readonly number: number }) => `Head ${number}`,
    stepNumber: ({ number }: { readonly number: number }) => `Step ${number}`,
    aggregate: 'DAAM, as published: mean over layers, heads and all steps',
    backToAggregate: 'Back to the mean of everything',
    opacity: 'Opacity',
    colours: 'Colour map',
    legend: 'Attention probability',
    uniformName: 'uniform',
    uniformHint:
      'Uniform is what every word would get if the model did not care: only what rises above it means something.',
    scaleHint: ({ max }: { readonly max: string }) =>
      `One scale for all words: 0 to ${max}, so that a word that matters little looks cold.`,
    mapOf: ({ word }: { readonly word: string }) => `Attention to “${word}”`,
    imageOf: ({ prompt }: { readonly prompt: string }) => `Picture drawn for: ${prompt}`,
    previewOf: ({ prompt }: { readonly prompt: string }) => `Picture being drawn for: ${prompt}`,
    reading: ({
      word,
      value,
      row,
      column,
    }: {
      readonly word: string;
      readonly value: string;
      readonly row: number;
      readonly column: number;
    }) => `${word} ${value} at row ${row}, column ${column}`,
    pointHint: 'Point at the picture to read a value.',
    timeline: 'Denoising steps',
    values: 'Values',
    table: 'Table of values',
    rowNumber: ({ number }: { readonly number: number }) => `row ${number}`,
    columnNumber: ({ number }: { readonly number: number }) => `column ${number}`,
    meanColumn: 'Mean',
  },
  concepts: {
    lead: 'What does the model see in a picture, and how deep inside does it know?',
    picture: 'Picture',
    gallery: 'Drawn scenes',
    upload: 'Open a picture',
    uploadHint:
      'Or drop it anywhere, or paste it. PNG, JPEG, WebP or AVIF; it is reduced to what the model looks at (128 × 128 for those here) and stays here; a link carries it at 192 × 192.',
    prompt: 'Prompt',
    concepts: 'Concepts to compare',
    addConcept: 'Add a word or phrase',
    add: 'Add',
    remove: ({ concept }: { readonly concept: string }) => `Remove ${concept}`,
    presets: 'Sets',
    colours: 'Colours',
    objects: 'Objects',
    places: 'Places',
    explain: 'Explain',
    probabilities: 'Which concept fits best',
    probabilitiesHint: ({ count }: { readonly count: number }) =>
      `Shares among these ${count} concepts only; they always add up to 100%.`,
    chance: ({ value }: { readonly value: string }) => `The dashed line is chance, ${value}.`,
    conceptColumn: 'Concept',
    probabilityColumn: 'Probability',
    similarity: 'Similarity, layer by layer',
    similarityHint: 'Grey is the null band, what random words reach: inside of it a number means nothing.',
    lensHint:
      'Inner layers are read through the final projection (a lens); only the last layer is what the model itself says.',
    similarityAt: ({ layer }: { readonly layer: number }) => `Similarity in layer ${layer}`,
    similarityColumn: 'Cosine',
    layerNumber: ({ layer }: { readonly layer: number }) => `Layer ${layer}`,
    insideBand: 'inside the null band',
    match: 'Match of the whole prompt',
    matchValue: ({
      value,
      low,
      high,
    }: {
      readonly value: string;
      readonly low: string;
      readonly high: string;
    }) => `cosine ${value}; random prompts reach ${low} to ${high}`,
    words: 'Words of the prompt',
    wordHint: 'Click a word of the prompt to see which patches speak for it and which against it.',
    relevanceOf: ({ word }: { readonly word: string }) => `Patch relevance for “${word}”`,
    band: ({ low, high }: { readonly low: string; readonly high: string }) =>
      `Logit added by a patch; null band ${low} to ${high}`,
    picturedAs: 'The picture as the model sees it',
    reading: ({
      value,
      row,
      column,
    }: {
      readonly value: string;
      readonly row: number;
      readonly column: number;
    }) => `${value} at row ${row}, column ${column}`,
  },
  neurons: neuronsEn,
  naming: namingEn,
  ask: askEn,
  site: {
    block: ({ number }: { readonly number: number }) => `Block ${number}`,
    decoderBlock: ({ number }: { readonly number: number }) => `Decoder block ${number}`,
    down: 'Down',
    mid: 'Middle',
    up: 'Up',
    units: ({ count }: { readonly count: number }) => `${count} units`,
  },
  exports: {
    label: 'Save',
    png: 'PNG',
    csv: 'CSV',
    npz: 'NPZ',
    svg: 'SVG',
    film: 'Film',
    json: 'JSON',
  },
  prompt: {
    unknown: ({ words }: { readonly words: string }) => `The model does not know: ${words}.`,
    cut: ({ words }: { readonly words: string }) => `Too long: it will not read “${words}”.`,
  },
  caution: {
    label: 'Caution:',
    unknownWords: ({ words }: { readonly words: string }) =>
      `Not in this model’s vocabulary: ${words}. It reads them as “unknown”, so nothing true can be said of them. Use other words, or open a model that knows them on the Models page.`,
    cutWords: ({ words, limit }: { readonly words: string; readonly limit: number }) =>
      `The model reads ${limit} tokens and no more. It never saw: ${words}. Shorten the prompt.`,
    scheduler: ({ asked, used }: { readonly asked: string; readonly used: string }) =>
      `The model’s files ask for ${asked}; ${used} sampled here, on the same noise levels. Pictures differ in details from those made elsewhere.`,
    assumedSize: ({ side }: { readonly side: number }) =>
      `The model’s files do not say how large it draws: ${side} × ${side} pixels were taken, as Stable Diffusion has them.`,
    parts: ({ parts, asked }: { readonly parts: number; readonly asked: number }) =>
      `The model’s files cut a picture into up to ${asked} parts a side; here it is seen in ${parts}, so that the attention of every layer and head fits into memory. Small writing may be lost.`,
    pooled:
      'This model pools its patches by one attention: the map of a word is what that attention carries from each patch straight to the match, and every layer is read through the model’s own pooling.',
    sigmoid: 'Each probability is that concept’s own (a sigmoid); together they need not make 100%.',
    questionUnread:
      'This model only describes pictures: it did not read your question. Put words into its mouth instead, under “The answer begins with”.',
    foreignFigures: 'The model does not know pictures like this one: these figures mean little.',
    foreignImage: ({ distance, threshold }: { readonly distance: string; readonly threshold: string }) =>
      `This picture lies outside of the drawn world this model knows (distance ${distance}; 99% of its scenes lie below ${threshold}). Do not trust these answers. They need a model that knows photographs: open one on the Models page.`,
  },
  error: {
    label: 'Error:',
    cancelled: 'Stopped.',
    badPrompt: 'The prompt is empty. Type what the picture should show, for example “a blue boat at sea”.',
    badImage: 'This is no picture that can be read. Choose a whole PNG, JPEG, WebP or AVIF file.',
    notImage: ({ name }: { readonly name: string }) =>
      `“${name}” is not a picture. Choose a PNG, JPEG, WebP or AVIF file.`,
    brokenImage: ({ name }: { readonly name: string }) =>
      `“${name}” is damaged or cut off. Save it again, or choose another file.`,
    hugeImage: ({ name, limit }: { readonly name: string; readonly limit: string }) =>
      `“${name}” is too large. Reduce it to ${limit} and open it again.`,
    badCaptions: ({ name }: { readonly name: string }) =>
      `The captions in “${name}” cannot be read. A CSV needs a first line with columns such as file_name and caption; JSON a list of records with them.`,
    badParameter: ({ name, allowed }: { readonly name: string; readonly allowed: string }) =>
      `The value of “${name}” cannot be used. Allowed: ${allowed}.`,
    badLink: ({ field }: { readonly field: string }) => `The field “${field}” of the link could not be read.`,
    modelMissing: ({ id }: { readonly id: string }) => `There is no model “${id}” here. Choose another one.`,
    modelCorrupt: ({ file }: { readonly file: string }) =>
      `The model file ${file} is damaged: its content is not what it should be, so it was not used. Load the page again to fetch it anew, or choose your own file again; if that does not help, the copy it comes from is damaged.`,
    gated: ({ id }: { readonly id: string }) =>
      `The hub does not give ${id} to everybody. Accept its terms on its page there, make an access token in your account, and enter it under Settings; or choose another model.`,
    quota: ({ megabytes }: { readonly megabytes: string }) =>
      `This browser has no room for ${megabytes} MB more. Remove a kept model below, free space on the disk, or choose a smaller precision.`,
    busy: 'Another tab is fetching the same file. Let it finish, or stop it there.',
    offline: 'The browser is offline. What has come is kept: go on when there is a network again.',
    unreachable: ({ host }: { readonly host: string }) =>
      `${host} did not answer as expected. What has come is kept: try again, check the address, or set a mirror under Settings.`,
    noView: ({ found }: { readonly found: string }) =>
      `Vitrine has no view for this: it found ${found}. It opens models that see or draw pictures: CLIP and SigLIP, Stable Diffusion 1, 2 and Turbo, captioners (ViT-GPT2, BLIP, Florence-2), vision-language models (LLaVA, SmolVLM), and image networks such as ViT, ResNet or SqueezeNet. Some are listed on this page.`,
    foundSound: ({ what }: { readonly what: string }) => `${what}, a model of sound`,
    foundText: ({ what }: { readonly what: string }) => `${what}, a model of words alone`,
    foundFiles: ({ what }: { readonly what: string }) => `only ${what}, and nothing that prepares pictures`,
    foundInputs: ({ what }: { readonly what: string }) => `an encoder that takes ${what}, and no picture`,
    foundMoreInputs: ({ what }: { readonly what: string }) =>
      `a diffusion model that also wants ${what}, as SDXL and controlled models do`,
    noOnnx:
      'There is no .onnx file among these. Many models have an ONNX copy: look for one tagged ONNX on the Hub, for example by onnx-community or Xenova, or export it with Optimum.',
    crossReader:
      'This model reads its picture by cross attention: none of its tokens stands for a part of the picture, so this question has no answer for it. Ask shows where each of its words looks, Neurons what its vision tower detects.',
    noAttention:
      'This model sees by convolutions alone: it has no attention whose heads or patches could be asked. Retrieval and the data check work with it, and Neurons shows its channels.',
    pooledReader:
      'This model’s layers are read through its own pooling, so a concept has no direction in them that could be taken out. Heads and Retrieval show what adds to its match.',
    noData: ({ what }: { readonly what: string }) =>
      `This is no data set that can be read: ${what}. Broden has an index.csv, COCO a JSON; pairs of pictures and label images do, and pictures alone.`,
    unsupported: ({ what }: { readonly what: string }) =>
      `This model cannot be run here: ${what}. Another export of it may do, as fp32 or with standard operators.`,
    network: 'A model file could not be fetched. Check the connection to the server and try again.',
    device: 'WebGPU is not available or was lost. Switch to WASM below, which gives the same results.',
    memory:
      'The browser had no memory left. Close other tabs and restart the worker; a model of your own may fit in a smaller precision.',
    workerMissing:
      'The program that computes did not load. Check the connection to the server, then restart it.',
    workerBoot:
      'The program that computes did not start. Restart it; if that does not help, update the browser.',
    broken: ({ message }: { readonly message: string }) =>
      `This part of the page broke, and it is our fault (${message}). Your picture, your edits and what was computed are kept, and so is the address: show the part again, or put away the results that broke it and compute them anew.`,
    brokenAgain: 'Show it again',
    brokenWithout: 'Put the results away',
    workerCrashed:
      'The program that computes ended unexpectedly. Your settings are kept: restart it to go on.',
    internal: ({ message }: { readonly message: string }) =>
      `Something went wrong that is our fault (${message}). Restart the worker, or load the page again.`,
    emptyPrompt: 'Type a prompt first, for example “a blue boat at sea”.',
    wordMissing: ({ words }: { readonly words: string }) =>
      `Not in this prompt: ${words}. Click one of its words instead.`,
    layerMissing: ({ layer }: { readonly layer: string }) =>
      `This model has no layer “${layer}”. The mean of all layers is shown.`,
    headMissing: ({ head }: { readonly head: number }) =>
      `This layer has no head ${head}. The mean of all heads is shown.`,
    stepMissing: ({ step }: { readonly step: number }) =>
      `This run has no step ${step}. The mean of the later half is shown.`,
    siteMissing: ({ site }: { readonly site: string }) =>
      `This model has no layer “${site}”. Choose one of the list.`,
    linkProblems: 'A part of this link could not be read. The rest of it is used.',
    linkUnreadable: ({ field, value }: { readonly field: string; readonly value: string }) =>
      `“${field}” cannot be “${value}”: the usual value is used instead.`,
    linkUnknown: ({ field }: { readonly field: string }) => `“${field}” is no field of this page.`,
    linkRepeated: ({ field }: { readonly field: string }) =>
      `“${field}” stands there twice: the first one is used.`,
    linkImage: 'The picture in the link is damaged: ask for the link again, or open a picture.',
    notWhole: ({ low, high }: { readonly low: number; readonly high: number }) =>
      `A number from ${low} to ${high}, please.`,
  },
};
