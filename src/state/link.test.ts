import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VECTOR_KINDS } from '../protocol/concepts.ts';
import { ANSWER_VECTORS } from '../protocol/read-answer.ts';
import {
  type Address,
  ATTENTION_MODES,
  type AttentionAddress,
  CONCEPT_PARTS,
  type ConceptsAddress,
  cleanTemplates,
  cleanText,
  FIRST_ADDRESS,
  HEAT_COLOURS,
  LABEL_KINDS,
  LANGUAGES,
  LIMITS,
  NEURON_PANELS,
  type NeuronsAddress,
  RECIPES,
  VIEWS,
} from './address.ts';
import { ASK_LIMITS, ASK_METHODS, ASK_PARTS, type AskAddress, CUTS } from './ask-address.ts';
import { cleanConcepts } from './concept-list.ts';
import { readLink, writeLink } from './link.ts';

const text = fc
  .string({ unit: 'binary', maxLength: 400 })
  .map((raw) => cleanText(raw))
  .filter((t) => !t.includes('\uFFFD'));
const word = text.map((t) => cleanText(t.replaceAll(',', ''), 40)).filter((t) => t !== '');
const short = text.map((t) => cleanText(t, LIMITS.short)).filter((t) => !t.includes('\uFFFD'));
const site = fc.stringMatching(/^[a-z0-9_.]{0,60}$/);
const seed = fc.integer({ min: 0, max: 0xffffffff });
const model = fc.constantFrom('scene-diffusion', 'a.b-c_1', 'Owner/model.v2:fp16', 'files:net-0a1b2c3d');

const pictures = fc.oneof(
  fc.record({ kind: fc.constant('scene' as const), seed }),
  fc.record({
    kind: fc.constant('upload' as const),
    data: fc.stringMatching(/^[A-Za-z0-9_-]{1,60}$/).map((part) => part.repeat(80).slice(0, LIMITS.upload)),
  }),
);

const block = fc.oneof(fc.constant('mean' as const), fc.integer({ min: 0, max: 99 }));
const ask: fc.Arbitrary<AskAddress> = fc.record({
  part: fc.constantFrom(...ASK_PARTS),
  model,
  image: pictures,
  question: text.map((t) => cleanText(t, ASK_LIMITS.question)),
  prefix: text.map((t) => cleanText(t, ASK_LIMITS.words)),
  mode: fc.constantFrom('greedy' as const, 'sample' as const),
  temperature: fc.integer({ min: 1, max: 100 }).map((part) => part / 20),
  topP: fc.integer({ min: 0, max: 20 }).map((part) => part / 20),
  seed,
  word: fc.integer({ min: 0, max: 255 }),
  method: fc.constantFrom(...ASK_METHODS),
  level: fc.constantFrom('token' as const, 'pixel' as const),
  layer: block,
  head: block,
  patch: fc.oneof(fc.constant('none' as const), fc.integer({ min: 0, max: 4095 })),
  masked: fc.array(fc.integer({ min: 0, max: 4095 }), { maxLength: ASK_LIMITS.masked }),
  silenced: fc.array(fc.constantFrom('0.0', '5.3', '11.15'), { maxLength: ASK_LIMITS.silenced }),
  cut: fc.constantFrom(...CUTS),
  thing: fc.integer({ min: 1, max: 255 }),
  color: fc.constantFrom('blue', 'yellow'),
  other: text.map((t) => cleanText(t, ASK_LIMITS.words)),
});

const addresses: fc.Arbitrary<Address> = fc.record({
  ask,
  view: fc.constantFrom(...VIEWS),
  language: fc.constantFrom(undefined, ...LANGUAGES),
  attention: fc
    .record({
      model,
      prompt: text,
      seed,
      steps: fc.integer({ min: 1, max: 50 }),
      guidance: fc.integer({ min: 10, max: 200 }).map((tenths) => tenths / 10),
      words: fc.uniqueArray(word, { maxLength: LIMITS.words }),
      special: fc.boolean(),
      layer: site,
      head: fc.oneof(fc.constant('mean' as const), fc.integer({ min: 0, max: 63 })),
      step: fc.oneof(fc.constantFrom('mean' as const, 'late' as const), fc.integer({ min: 0, max: 49 })),
      place: fc.oneof(fc.constant('none' as const), fc.integer({ min: 0, max: 1023 })),
      opacity: fc.integer({ min: 0, max: 100 }),
      colours: fc.constantFrom(...HEAT_COLOURS),
      mode: fc.constantFrom(...ATTENTION_MODES),
      recipe: fc.constantFrom('daam' as const, 'outputs' as const),
      probes: fc.uniqueArray(fc.constantFrom('dog', 'boat', '車'), { maxLength: 3 }),
      edit: fc.constantFrom(FIRST_ADDRESS.attention.edit, {
        ...FIRST_ADDRESS.attention.edit,
        prompt: 'a blue car',
        weights: [{ word: 1, weight: -1.5 }],
      }),
      image: fc.record({ kind: fc.constant('scene' as const), seed }),
      noise: fc.integer({ min: 1, max: 100 }),
      by: fc.constantFrom('noise' as const, 'inversion' as const),
      against: fc.constantFrom(FIRST_ADDRESS.attention.against, {
        ...FIRST_ADDRESS.attention.edit,
        weights: [{ word: 2, weight: 0.5 }],
      }),
      otherPrompt: text,
      otherSeed: seed,
      otherModel: fc.oneof(fc.constant('' as const), model),
    })
    .map(ofItsMode),
  concepts: fc
    .record({
      part: fc.constantFrom(...CONCEPT_PARTS),
      model,
      image: pictures,
      prompt: text,
      concepts: fc
        .array(word, { maxLength: 40 })
        .map((list) => cleanConcepts(list))
        .filter((l) => !l.join('').includes('\uFFFD')),
      word: text,
      layer: fc.oneof(fc.constant('last' as const), fc.integer({ min: 0, max: 99 })),
      vectors: fc.constantFrom(...VECTOR_KINDS),
      templates: fc
        .array(word, { maxLength: 8 })
        .map((items) => cleanTemplates(items.map((item) => `${item} {}`)))
        .filter((l) => !l.join('').includes('\uFFFD')),
      answerModel: model,
      answerVectors: fc.constantFrom(...ANSWER_VECTORS),
      question: text.map((t) => cleanText(t, ASK_LIMITS.question)),
      prefix: text.map((t) => cleanText(t, ASK_LIMITS.words)),
      repaint: fc.constantFrom('', 'blue'),
      cell: fc.constantFrom('', '0.0', '11.15'),
      asked: fc.oneof(fc.constant('none' as const), fc.integer({ min: 0, max: LIMITS.conceptCount - 1 })),
      head: fc.constantFrom('', '0.0', '11.15'),
      without: fc.uniqueArray(fc.constantFrom('0.0', '5.3', '11.15'), { maxLength: 3 }),
      pair: fc.oneof(fc.constant('none' as const), fc.integer({ min: 0, max: 9999 })),
      centred: fc.boolean(),
    })
    .map(ofItsPart),
  neurons: fc
    .record({
      model,
      site,
      scenes: fc.integer({ min: 16, max: 2000 }),
      seed,
      run: fc.boolean(),
      unit: fc.oneof(fc.constant('none' as const), fc.integer({ min: 0, max: 99_999 })),
      recipe: fc.constantFrom(...RECIPES),
      noise: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
      data: short,
      panel: fc.constantFrom(...NEURON_PANELS),
      find: short,
      category: fc.constantFrom('all', ...LABEL_KINDS),
      only: fc.boolean(),
      sort: fc.constantFrom('iou.descending', 'unit.ascending'),
      survey: fc.boolean(),
      image: pictures,
      place: fc.oneof(fc.constant('none' as const), fc.integer({ min: 0, max: 999_999 })),
      against: fc.constantFrom('shuffled', 'layer'),
      otherModel: model,
      otherSite: site,
      concept: short,
      off: fc
        .uniqueArray(fc.integer({ min: 0, max: 99_999 }), { maxLength: LIMITS.off })
        .map((list) => list.map(String)),
      trial: fc.boolean(),
      drawn: text,
      drawnSeed: fc.nat(),
      region: fc.stringMatching(/^[0-9a-f]{64}$/),
      strength: fc.integer({ min: 1, max: 40 }).map((half) => half / 2),
      paint: fc.boolean(),
      words: text.map((t) => cleanText(t, LIMITS.unitWords)).filter((t) => !t.includes('\uFFFD')),
      wordList: short,
      judge: fc.oneof(fc.constant(''), model),
      naming: fc.boolean(),
    })
    .map(ofItsPanel),
  models: fc.record({ open: text }),
});

/** An address as its link holds it: what belongs to other modes is as on the first visit. */
function ofItsPart(concepts: ConceptsAddress): ConceptsAddress {
  const { part, model, image, asked } = concepts;
  const { answerModel, answerVectors, cell, question, prefix, repaint, ...rest } = concepts;
  return part === 'answer'
    ? {
        ...FIRST_ADDRESS.concepts,
        ...{ part, model, image, asked, concepts: concepts.concepts },
        ...{ answerModel, answerVectors, cell, question, prefix, repaint },
      }
    : { ...FIRST_ADDRESS.concepts, ...rest };
}

function ofItsMode(attention: AttentionAddress): AttentionAddress {
  const { mode, edit, against, image, noise, by, otherPrompt, otherSeed, otherModel, ...rest } = attention;
  return {
    ...FIRST_ADDRESS.attention,
    ...rest,
    mode,
    ...(mode === 'steer' && { edit, against }),
    ...(mode === 'picture' && { image, noise, by }),
    ...(mode === 'compare' && { otherPrompt, otherSeed, otherModel }),
  };
}

function ofItsPanel(neurons: NeuronsAddress): NeuronsAddress {
  const { drawn, drawnSeed, region, strength, paint, ...rest } = neurons;
  const { image, place, ...painted } = neurons;
  const first = FIRST_ADDRESS.neurons;
  return neurons.panel === 'paint' ? { ...first, ...painted } : { ...first, ...rest };
}

describe('a link', () => {
  it('brings back the view that it was made of', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        const { address: read, problems } = readLink(writeLink(address));
        expect(problems).toEqual([]);
        expect(read.view).toBe(address.view);
        expect(read.language).toBe(address.language);
        expect(read[address.view]).toEqual(address[address.view]);
        // Reading and writing once more changes nothing.
        expect(writeLink(read)).toBe(writeLink(address));
      }),
      { numRuns: 500 },
    );
  });

  it('stays under 8,000 characters, whatever the script and however full it is', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        expect(`https://a-rather-long-host.example/vitrine/#${writeLink(address)}`.length).toBeLessThan(8000);
      }),
      { numRuns: 500 },
    );
    const wide = '汽'.repeat(LIMITS.prompt);
    const full: Address = {
      ...FIRST_ADDRESS,
      view: 'concepts',
      concepts: {
        ...FIRST_ADDRESS.concepts,
        image: { kind: 'upload', data: 'x'.repeat(LIMITS.upload) },
        prompt: wide,
        concepts: cleanConcepts(['字'.repeat(40), '詞'.repeat(40), '句'.repeat(40), '語'.repeat(40)]),
        word: cleanText(wide, 40),
        templates: cleanTemplates([
          '字{}',
          '詞{}',
          '句{}',
          '語{}',
          'a drawing of {a}',
          'we see {a} over there',
        ]),
        without: Array.from({ length: LIMITS.without }, (_, i) => `11.${10 + i}`),
      },
    };
    expect(`https://a-rather-long-host.example/vitrine/#${writeLink(full)}`.length).toBeLessThan(8000);
    expect(readLink(writeLink(full)).address).toEqual(full);
    const answering: Address = {
      ...FIRST_ADDRESS,
      view: 'concepts',
      concepts: {
        ...FIRST_ADDRESS.concepts,
        part: 'answer',
        answerModel: `owner/${'m'.repeat(90)}:fp16`,
        image: { kind: 'upload', data: 'x'.repeat(LIMITS.upload) },
        concepts: cleanConcepts(['字'.repeat(40), '詞'.repeat(40), '句'.repeat(40), '語'.repeat(40)]),
        question: '問'.repeat(ASK_LIMITS.question),
        prefix: '字'.repeat(ASK_LIMITS.words),
      },
    };
    expect(`https://a-rather-long-host.example/vitrine/#${writeLink(answering)}`.length).toBeLessThan(8000);
    expect(readLink(writeLink(answering)).address).toEqual(answering);
    const probed: Address = {
      ...FIRST_ADDRESS,
      view: 'neurons',
      neurons: {
        ...FIRST_ADDRESS.neurons,
        model: `owner/${'m'.repeat(90)}:fp16`,
        site: `vision.${'layer'.repeat(10)}.relu`,
        image: { kind: 'upload', data: 'x'.repeat(LIMITS.photograph) },
        find: '找'.repeat(LIMITS.short),
        off: Array.from({ length: LIMITS.off }, (_, i) => `${1000 + i}`),
      },
    };
    expect(`https://a-rather-long-host.example/vitrine/#${writeLink(probed)}`.length).toBeLessThan(8000);
    expect(readLink(writeLink(probed)).address).toEqual(probed);
    const asked: Address = {
      ...FIRST_ADDRESS,
      view: 'ask',
      ask: {
        ...FIRST_ADDRESS.ask,
        image: { kind: 'upload', data: 'x'.repeat(LIMITS.upload) },
        question: '問'.repeat(ASK_LIMITS.question),
        prefix: '字'.repeat(ASK_LIMITS.words),
        other: '詞'.repeat(ASK_LIMITS.words),
        masked: Array.from({ length: ASK_LIMITS.masked }, (_, i) => 4000 + i),
        silenced: Array.from({ length: ASK_LIMITS.silenced }, (_, i) => `11.${10 + i}`),
      },
    };
    expect(`https://a-rather-long-host.example/vitrine/#${writeLink(asked)}`.length).toBeLessThan(8000);
    expect(readLink(writeLink(asked)).address).toEqual(asked);
  });

  it('never throws and keeps what it can, however mangled', () => {
    fc.assert(
      fc.property(addresses, fc.nat(), fc.string({ unit: 'binary', maxLength: 4 }), (address, at, junk) => {
        const link = writeLink(address);
        const cut = at % (link.length + 1);
        const { address: read } = readLink(link.slice(0, cut) + junk + link.slice(cut + junk.length));
        // Whatever was read is itself a valid address.
        expect(readLink(writeLink(read)).problems).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('names the bad field and uses the rest', () => {
    const { address, problems } = readLink(
      '#view=attention&prompt=a+blue+boat&steps=900&seed=5&head=x&colour=red&seed=6',
    );
    expect(problems).toEqual([
      { field: 'seed', value: '6', reason: 'repeated' },
      { field: 'steps', value: '900', reason: 'unreadable' },
      { field: 'head', value: 'x', reason: 'unreadable' },
      { field: 'colour', value: 'red', reason: 'unknown-field' },
    ]);
    expect(address.attention).toEqual({ ...FIRST_ADDRESS.attention, prompt: 'a blue boat', seed: 5 });
  });

  it('carries the model that answers in its part only; links from before it had one are read as they were', () => {
    const concepts = { ...FIRST_ADDRESS.concepts, answerModel: 'owner/vlm:q8' };
    const of = (part: ConceptsAddress['part']) =>
      new URLSearchParams(writeLink({ ...FIRST_ADDRESS, view: 'concepts', concepts: { ...concepts, part } }));
    expect(of('answer').get('answerModel')).toBe('owner/vlm:q8');
    expect(of('sees').has('answerModel')).toBe(false);
    const before = of('answer');
    before.delete('answerModel');
    const { address, problems } = readLink(before.toString());
    expect(problems).toEqual([]);
    expect(address.concepts).toEqual({
      ...FIRST_ADDRESS.concepts,
      part: 'answer',
      answerModel: 'scene-vlm-mlp',
    });
  });

  it('reports broken percent-encoding', () => {
    expect(readLink('#view=attention&prompt=a%E0%A4').problems.map(({ field }) => field)).toEqual(['prompt']);
  });

  it('is the first visit when empty', () => {
    expect(readLink('')).toEqual({ address: FIRST_ADDRESS, problems: [] });
    expect(readLink('#')).toEqual({ address: FIRST_ADDRESS, problems: [] });
  });
});

describe('clean text', () => {
  it('does not change when cleaned twice, and survives percent-encoding', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 500 }),
        fc.integer({ min: 1, max: 300 }),
        (raw, limit) => {
          const clean = cleanText(raw, limit);
          expect(cleanText(clean, limit)).toBe(clean);
          expect(clean.length).toBeLessThanOrEqual(limit);
          expect(decodeURIComponent(encodeURIComponent(clean))).toBe(clean);
        },
      ),
    );
    expect(cleanText('a\uD83D red\tcar\n ')).toBe('a red car');
  });
});
