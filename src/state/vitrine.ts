import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Failure, toFailure } from '../protocol/errors.ts';
import type { ImageSource, Pixels } from '../protocol/image.ts';
import type { Device, GenerateParams } from '../protocol/jobs.ts';
import { type Edit, PLAIN_EDIT } from '../protocol/steer.ts';
import { type Address, type ConceptPart, FIRST_ADDRESS, LIMITS, type Picture, type View } from './address.ts';
import { type AskRuns, createAskRuns, followAnswer, startAnswer } from './ask.ts';
import {
  type ConceptRuns,
  createConceptRuns,
  forgetConcepts,
  headOf,
  headsParams,
  startCollection,
  startReading,
} from './concept-runs.ts';
import { createEditHistory } from './edit-history.ts';
import { isPlain } from './edit-link.ts';
import { createEngineStore, type EngineStore, type Host } from './engine.ts';
import { createFullPictures } from './full-pictures.ts';
import { prepareHeats } from './heat.ts';
import type { OwnFiles } from './intake/model-files.ts';
import { createLibraryStore, type LibraryStore, type Notebook } from './library.ts';
import { type LinkProblem, readLink, writeLink } from './link.ts';
import { isOwn, MODELS, modelsOf, OWN_PICTURE_SIZE, PICTURE_SIZE } from './models.ts';
import { createNeurons, type NeuronRuns, type Neurons } from './neurons.ts';
import { createRun, keyOf, type Runner, type RunStore } from './run.ts';
import { createShelf, type ShelfStore } from './shelf.ts';

/** The part of the browser's address bar that state writes to; a fake one in tests. */
export interface AddressBar {
  read(): string;
  push(fragment: string): void;
  replace(fragment: string): void;
  /** Called when the visitor goes back or forward, or edits the address. */
  listen(changed: () => void): void;
}

/** Pictures from outside: from a file, and back from a link. */
export interface Intake {
  /** Reduces a file to a square of `side` pixels and encodes it in so many characters of the link; throws VitrineError `bad-image`. */
  encode(file: Blob, side: number, characters: number): Promise<string>;
  /** A square picture without a link, of `side` pixels or the size of the models here; throws VitrineError `bad-image`. */
  picture(file: Blob, side?: number): Promise<Pixels>;
  /** Pixels at the model's size; throws VitrineError `bad-link`. */
  decode(data: string): Promise<Pixels>;
}

/** What became of the last picture that was opened, dropped or pasted, or came in a link. */
export type Opening =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly name: string }
  | { readonly status: 'failed'; readonly name: string; readonly failure: Failure };

export interface Runs extends NeuronRuns, AskRuns, ConceptRuns {
  readonly generate: RunStore<'generate'>;
  readonly steer: RunStore<'steer'>;
  /** The earlier edit that the steered picture is set against. */
  readonly against: RunStore<'steer'>;
  readonly inspect: RunStore<'inspect'>;
  readonly explain: RunStore<'explain'>;
  readonly gallery: RunStore<'gallery'>;
  /** The second picture of a comparison. */
  readonly other: RunStore<'generate'>;
  /** How the model would read what is being typed. */
  readonly readPrompt: RunStore<'readPrompt'>;
}

export interface Vitrine {
  readonly address: StoreApi<Address>;
  readonly problems: StoreApi<readonly LinkProblem[]>;
  readonly opening: StoreApi<Opening>;
  readonly engine: EngineStore;
  readonly runs: Runs;
  /** Earlier edits of the steered picture. */
  readonly edits: ReturnType<typeof createEditHistory>;
  readonly neurons: Pick<Neurons, 'data' | 'wordList' | 'startOver'>;
  /** Models of the visitor's own. */
  readonly library: LibraryStore;
  readonly shelf: ShelfStore;
  /** Reads the address bar, connects to the worker, starts what the address asks for. */
  open(): void;
  /** Changes one view's fields. `push` makes a step that Back undoes; sliders use `replace`. */
  change<V extends View>(view: V, fields: Partial<Address[V]>, mode: 'push' | 'replace'): void;
  show(view: View): void;
  /** Takes a picture of the visitor's into the concepts view, or into the neurons view when that is open. */
  openPicture(file: Blob, name: string): Promise<void>;
  /** Shows what opening a visitor's own files means. */
  openModelFiles(files: OwnFiles): void;
  /** Takes a folder of the visitor's, with captions or without, to retrieval and the data check. */
  openFolder(files: readonly File[]): void;
  /** Opens the state of a link that came otherwise than through the address bar, as in a saved picture. */
  follow(fragment: string): void;
  setLanguage(language: Address['language']): void;
  /** Starts what the shown view asks for, again even if it just failed. */
  run(): void;
  /** Puts away everything that was computed: for results that the page cannot show. */
  clearResults(): void;
  switchDevice(device: Device): Promise<void>;
  restart(): Promise<void>;
  dismissProblems(): void;
}

/** Scenes that show what the world holds: objects, places, times of day, weather, patterns, states, one to four things. */
export const GALLERY_SEEDS: readonly number[] = [
  8, 22, 28, 13, 38, 19, 50, 18, 4, 36, 21, 59, 26, 7, 16, 17, 47, 57, 44, 1, 88651,
];
const GALLERY_SIZE = 96;

export function createVitrine(parts: {
  readonly runner: Runner & Host;
  readonly bar: AddressBar;
  readonly intake: Intake;
  /** What outlives the tab; without one, a transfer is not offered again after a reload. */
  readonly notebook?: Notebook;
}): Vitrine {
  const { runner, bar, intake, notebook = forgetful } = parts;
  const address = createStore<Address>(() => FIRST_ADDRESS);
  const problems = createStore<readonly LinkProblem[]>(() => []);
  const opening = createStore<Opening>(() => ({ status: 'idle' }));
  const engine = createEngineStore(runner);
  const library = createLibraryStore(runner, notebook);
  const full = createFullPictures();
  /** A picture of the address as the model of the view is to see it. */
  const decode = (data: string): Promise<Pixels> => {
    const own = isOwn(modelOf(address.getState())) ? full.find(data) : undefined;
    return own ? Promise.resolve(own) : intake.decode(data);
  };
  const neurons = createNeurons({ runner, address, decode });
  const runs: Runs = {
    generate: createRun(runner, 'generate', {
      trail: true,
      remember: 3,
      prepare: (generation) => prepareHeats(generation, address.getState().attention, rest),
    }),
    other: createRun(runner, 'generate', { remember: 3 }),
    steer: createRun(runner, 'steer', { remember: 6 }),
    against: createRun(runner, 'steer', { remember: 3 }),
    inspect: createRun(runner, 'inspect', {
      trail: true,
      remember: 2,
      prepare: (inspection) => prepareHeats(inspection, address.getState().attention, rest),
    }),
    explain: createRun(runner, 'explain', { remember: 8 }),
    gallery: createRun(runner, 'gallery'),
    ...neurons.runs,
    ...createAskRuns(runner),
    readPrompt: createRun(runner, 'readPrompt', { remember: 16 }),
    ...createConceptRuns(runner),
  };
  const edits = createEditHistory();
  /** What the edits of the history change: another prompt or seed starts another history. */
  let origin = '';
  /** Counts pictures being decoded, so that only the latest starts a run. */
  let decoding = 0;

  const read = (): void => {
    const link = readLink(bar.read(), address.getState());
    const known = withKnownModels(link.address);
    address.setState(known.address, true);
    problems.setState([...link.problems, ...known.problems], true);
  };

  const runInspection = async (params: GenerateParams): Promise<void> => {
    const { image, noise, by } = address.getState().attention;
    const ticket = ++decoding;
    try {
      const source: ImageSource =
        image.kind === 'scene' ? image : { kind: 'pixels', pixels: await decode(image.data) };
      if (ticket === decoding) runs.inspect.start({ ...params, image: source, noise: noise / 100, by });
    } catch (thrown) {
      if (ticket === decoding)
        opening.setState({ status: 'failed', name: '', failure: toFailure(thrown) }, true);
    }
  };

  const runAttention = (): void => {
    const { model, prompt, seed, steps, guidance, mode, edit, against, probes } =
      address.getState().attention;
    const plain = { model, prompt, seed, steps, guidance };
    const params = probes.length > 0 ? { ...plain, probes } : plain;
    if (mode === 'picture') {
      if (runs.gallery.store.getState().status === 'idle') {
        runs.gallery.start({ seeds: GALLERY_SEEDS, size: GALLERY_SIZE });
      }
      void runInspection(params);
      return;
    }
    if (mode === 'steer') {
      const drawn = keyOf(plain);
      if (drawn !== origin) edits.clear();
      origin = drawn;
      edits.visit(edit);
      const steered = (change: Edit) => ({
        ...plain,
        edit: { ...change, prompt: change.prompt === '' ? prompt : change.prompt },
      });
      if (isPlain(edit)) runs.steer.cancel();
      else {
        runs.generate.cancel();
        runs.steer.start(steered(edit));
      }
      if (isPlain(against)) runs.against.cancel();
      else runs.against.start(steered(against));
      if (!isPlain(edit)) return;
    }
    runs.generate.start(params);
    // One queue: the second picture follows the first.
    if (mode === 'compare') {
      const { otherModel, otherPrompt, otherSeed } = address.getState().attention;
      const other = { model: otherModel === '' ? model : otherModel, prompt: otherPrompt, seed: otherSeed };
      runs.other.start({ ...params, ...other });
    }
  };
  runs.generate.store.subscribe((run) => {
    const { mode, edit } = address.getState().attention;
    if (run.status === 'done' && mode === 'steer' && isPlain(edit)) edits.drawn(edit, run.result.image);
  });
  runs.steer.store.subscribe((run) => {
    if (run.status !== 'done') return;
    edits.drawn(PLAIN_EDIT, run.result.source.image);
    edits.drawn(address.getState().attention.edit, run.result.target.image);
  });

  /** The gallery, and the picture of a view; undefined when another one was asked for meanwhile. */
  const sourceOf = async (image: Picture): Promise<ImageSource | undefined> => {
    if (runs.gallery.store.getState().status === 'idle') {
      runs.gallery.start({ seeds: GALLERY_SEEDS, size: GALLERY_SIZE });
    }
    const ticket = ++decoding;
    try {
      const source: ImageSource =
        image.kind === 'scene' ? image : { kind: 'pixels', pixels: await decode(image.data) };
      return ticket === decoding ? source : undefined;
    } catch (thrown) {
      if (ticket === decoding) {
        opening.setState({ status: 'failed', name: '', failure: toFailure(thrown) }, true);
      }
      return undefined;
    }
  };

  const runConcepts = async (): Promise<void> => {
    const { part, model, image, prompt, concepts, vectors, templates, without } = address.getState().concepts;
    if (part === 'answer') return runAnswerReading();
    if (part !== 'sees') return startPart(part, model);
    const source = await sourceOf(image);
    if (!source) return;
    // Without a prompt the concepts' own words are the ones to click.
    const words = prompt === '' ? concepts.join(' ') : prompt;
    runs.explain.start({
      model,
      image: source,
      prompt: words,
      concepts,
      vectors,
      templates,
      without: without.map(headOf),
    });
  };

  const runAsk = async (): Promise<void> => {
    const { ask } = address.getState();
    if (modelsOf('generative').length === 0) return;
    const source = await sourceOf(ask.image);
    if (!source) return;
    startAnswer(runs, ask, source);
    followAnswer(runs, address.getState().ask);
  };
  for (const store of [runs.answer.store, runs.explainAnswer.store])
    store.subscribe((run) => {
      if (run.status === 'done') followAnswer(runs, address.getState().ask);
    });

  const runAnswerReading = async (): Promise<void> => {
    const { concepts } = address.getState();
    const source = await sourceOf(concepts.image);
    if (source) startReading(runs, concepts, source);
  };

  const startPart = (part: ConceptPart, model: string): void => {
    if (part === 'heads') runs.heads.start(headsParams(model));
    else if (shelf.store.getState().status === 'empty') void shelf.openWorld();
    else startCollection(runs, shelf, part, model);
  };
  const shelf = createShelf(runner, intake.picture, () => run());

  const run = (): void => {
    const { view } = address.getState();
    if (view === 'attention') runAttention();
    else if (view === 'concepts') void runConcepts();
    else if (view === 'neurons') neurons.run();
    else if (view === 'ask') void runAsk();
    if (view === 'models' || library.kept.getState() === undefined) void library.refresh();
  };

  const write = (mode: 'push' | 'replace'): void => {
    const fragment = writeLink(address.getState());
    if (fragment === bar.read().replace(/^#/, '')) return;
    if (mode === 'push') bar.push(fragment);
    else bar.replace(fragment);
  };

  return {
    address,
    problems,
    opening,
    engine,
    runs,
    edits,
    neurons,
    library,
    shelf,
    open: () => {
      read();
      bar.listen(() => {
        read();
        run();
      });
      void engine.connect();
      run();
    },
    change: (view, fields, mode) => {
      // Choosing another picture answers the complaint about the last one.
      if ('image' in fields) opening.setState({ status: 'idle' }, true);
      address.setState((now) => ({ ...now, [view]: { ...now[view], ...fields } }), true);
      write(mode);
    },
    show: (view) => {
      address.setState({ view });
      write('push');
      run();
    },
    openPicture: async (file, name) => {
      const ticket = ++decoding;
      opening.setState({ status: 'running', name }, true);
      try {
        const data = await intake.encode(file, ...pictureRoom(address.getState()));
        const side = sideOf(library, modelOf(address.getState()));
        if (side > OWN_PICTURE_SIZE) full.keep(data, await intake.picture(file, side));
        if (ticket !== decoding) return;
        opening.setState({ status: 'idle' }, true);
        address.setState((now) =>
          inspecting(now)
            ? { ...now, attention: { ...now.attention, image: { kind: 'upload', data } } }
            : withPicture(now, { kind: 'upload', data }),
        );
        write('push');
        run();
      } catch (thrown) {
        if (ticket !== decoding) return;
        opening.setState({ status: 'failed', name, failure: toFailure(thrown) }, true);
        address.setState((now) =>
          inspecting(now) || now.view === 'neurons' || now.view === 'ask'
            ? now
            : { ...now, view: 'concepts' },
        );
        write('push');
        run();
      }
    },
    openModelFiles: ({ name, files }) => {
      address.setState({ view: 'models' });
      write('push');
      run();
      void library.ask({ place: { kind: 'files', name, files }, precision: '', preparation: 'read' });
    },
    openFolder: (files) => {
      const { part } = address.getState().concepts;
      const shown = part === 'retrieval' ? part : 'check';
      address.setState((now) => ({
        ...now,
        view: 'concepts',
        concepts: { ...now.concepts, part: shown, pair: 'none' },
      }));
      write('push');
      void shelf.openFiles(files);
    },
    follow: (fragment) => {
      bar.push(fragment.replace(/^#/, ''));
      read();
      run();
    },
    setLanguage: (language) => {
      address.setState({ language });
      write('replace');
    },
    run,
    clearResults: () => {
      for (const store of Object.values(runs)) store.clear();
      neurons.forget();
    },
    switchDevice: async (device) => {
      if (!(await engine.switchDevice(device))) return;
      forgetAll(runs, neurons);
      run();
    },
    restart: async () => {
      await engine.restart();
      if (engine.store.getState().status === 'ready') run();
    },
    dismissProblems: () => problems.setState([], true),
  };
}

/** A picture from outside goes into the view that is open, or else into the concepts view. */
function withPicture(now: Address, image: Picture): Address {
  if (now.view === 'neurons') {
    return { ...now, neurons: { ...now.neurons, image, panel: 'picture', place: 'none' } };
  }
  if (now.view === 'ask') return { ...now, ask: { ...now.ask, image, masked: [], patch: 'none' } };
  return { ...now, view: 'concepts', concepts: { ...now.concepts, image } };
}

/** The model of the view that will show a picture. */
function modelOf({ view, attention, neurons, ask, concepts }: Address): string {
  if (view === 'concepts' && concepts.part === 'answer') return concepts.answerModel;
  return { attention, neurons, ask, concepts, models: concepts }[view].model;
}

/** What a model of the visitor's own looks at, in pixels; 0 for any other. */
function sideOf({ kept }: LibraryStore, model: string): number {
  return kept.getState()?.models.find(({ id }) => id === model)?.pictureSide ?? 0;
}

/** Side, and characters, of a picture in the link. */
function pictureRoom(address: Address): readonly [number, number] {
  const model = modelOf(address);
  const characters = address.view === 'neurons' && isOwn(model) ? LIMITS.photograph : LIMITS.upload;
  return [isOwn(model) ? OWN_PICTURE_SIZE : PICTURE_SIZE, characters];
}

/** For pages without storage. */
const forgetful: Notebook = {
  getItem: () => null,
  setItem: () => undefined,
  removeItem: () => undefined,
};

/** Lets whatever waits on this thread have its turn. */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Whether a picture that is opened belongs to the attention view. */
function inspecting({ view, attention }: Address): boolean {
  return view === 'attention' && attention.mode === 'picture';
}

/** Results of another device may differ in the last digits: compute them anew. */
function forgetAll(runs: Runs, neurons: Neurons): void {
  for (const store of [runs.generate, runs.other, runs.steer, runs.against, runs.inspect, runs.explain])
    store.forget();
  for (const store of [runs.answer, runs.explainAnswer, runs.ablatePatches]) store.forget();
  for (const store of [runs.bridge, runs.trace, runs.changedAnswer]) store.forget();
  neurons.forget();
  forgetConcepts(runs);
}

/** Replaces models that this page does not have by the first visit's. */
function withKnownModels(address: Address): {
  readonly address: Address;
  readonly problems: readonly LinkProblem[];
} {
  const problems: LinkProblem[] = [];
  // A model of the visitor's own may be here or not: the worker knows, and says so when it is asked.
  const known = (model: string, families: readonly string[]): boolean =>
    /[/:]/.test(model) || MODELS.some(({ id, family }) => id === model && families.includes(family));
  const pick = <V extends Exclude<View, 'models'>>(view: V, ...families: readonly string[]): Address[V] => {
    const section = address[view];
    if (known(section.model, families)) return section;
    problems.push({ field: 'model', value: section.model, reason: 'unreadable' });
    return { ...section, model: FIRST_ADDRESS[view].model };
  };
  const attention = pick('attention', 'diffusion');
  const { otherModel } = attention;
  const other = otherModel === '' || known(otherModel, ['diffusion']);
  if (!other) problems.push({ field: 'otherModel', value: otherModel, reason: 'unreadable' });
  const contrastive = pick('concepts', 'contrastive');
  // A page that ships without a generative model says so in the view itself.
  const mute = modelsOf('generative').length === 0;
  const { answerModel } = contrastive;
  const answers = mute || known(answerModel, ['generative']);
  if (!answers) problems.push({ field: 'answerModel', value: answerModel, reason: 'unreadable' });
  const next: Address = {
    ...address,
    attention: other ? attention : { ...attention, otherModel: '' },
    concepts: answers ? contrastive : { ...contrastive, answerModel: FIRST_ADDRESS.concepts.answerModel },
    neurons: pick('neurons', 'contrastive', 'diffusion'),
    ask: mute ? address.ask : pick('ask', 'generative'),
  };
  return { address: next, problems };
}
