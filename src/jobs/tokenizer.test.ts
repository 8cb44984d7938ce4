import { describe, expect, it } from 'vitest';
import { buildTokenizer } from './tokenizer.ts';

const special = (id: number, content: string) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

/** Word level, as the scene models'. */
const json = {
  version: '1.0',
  added_tokens: [special(0, '<s>'), special(1, '</s>'), special(2, '<unk>')],
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '<s>', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] },
      '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] },
    },
  },
  decoder: null,
  model: {
    type: 'WordLevel',
    vocab: { '<s>': 0, '</s>': 1, '<unk>': 2, a: 3, red: 4, car: 5 },
    unk_token: '<unk>',
  },
};
const config = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  bos_token: '<s>',
  eos_token: '</s>',
  unk_token: '<unk>',
};

describe('buildTokenizer', () => {
  const tokenizer = buildTokenizer(json, config);

  it('adds special tokens, folds case, and gives unknown words the unknown token', () => {
    expect(tokenizer.encode('A RED zebra car')).toEqual([0, 3, 4, 2, 5, 1]);
    expect(tokenizer.encode('')).toEqual([0, 1]);
  });

  it('maps tokens both ways', () => {
    expect(tokenizer.token(4)).toBe('red');
    expect(tokenizer.id('car')).toBe(5);
    expect(tokenizer.id('zebra')).toBeUndefined();
    // An entry that pads the vocabulary.
    expect(tokenizer.token(99)).toBe('[99]');
  });

  it('calls files that are no tokenizer corrupt', () => {
    expect(() => buildTokenizer([], config)).toThrowError(expect.objectContaining({ code: 'model-corrupt' }));
    expect(() => buildTokenizer({ model: { type: 'None' } }, config)).toThrowError(
      expect.objectContaining({ code: 'model-corrupt' }),
    );
  });
});
