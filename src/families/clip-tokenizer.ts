/** CLIP's tokenizer as `tokenizer.json`, made of the two files that older repositories have: `vocab.json` and `merges.txt`. */

import { VitrineError } from '../protocol/errors.ts';

/** Words, numbers digit by digit, runs of anything else: CLIP's own pattern. */
const PATTERN =
  "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

/** `vocabulary` is the parsed `vocab.json`; `merges` the text of `merges.txt`. Throws `model-corrupt`. */
export function clipTokenizer(vocabulary: unknown, merges: string): object {
  if (typeof vocabulary !== 'object' || vocabulary === null) throw corrupt('vocab.json');
  const vocab = vocabulary as Readonly<Record<string, unknown>>;
  const special = ['<|startoftext|>', '<|endoftext|>'].map((content) => {
    const id = vocab[content];
    if (typeof id !== 'number') throw corrupt(`vocab.json without ${content}`);
    return {
      id,
      content,
      special: true,
      lstrip: false,
      rstrip: false,
      single_word: false,
      normalized: false,
    };
  });
  return {
    version: '1.0',
    added_tokens: special,
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: PATTERN }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      unk_token: '<|endoftext|>',
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges: merges.split('\n').filter((line) => line !== '' && !line.startsWith('#version')),
    },
  };
}

function corrupt(what: string): VitrineError {
  return new VitrineError('model-corrupt', `tokenizer: ${what}`, { file: 'tokenizer' });
}
