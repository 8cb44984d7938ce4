import { Tokenizer as Reader } from '@huggingface/tokenizers';
import { VitrineError } from '../protocol/errors.ts';
import type { Tokenizer } from './runtime.ts';

/**
 * Builds a tokenizer from the parsed `tokenizer.json` and `tokenizer_config.json` of a model in the Hub's layout. Both hosts
 * use it; nothing is fetched. The reader is the one inside transformers.js, which itself would bring a second copy of the
 * ONNX runtime along.
 */
export function buildTokenizer(json: unknown, config: unknown): Tokenizer {
  if (!isRecord(json) || !isRecord(config)) {
    throw new VitrineError('model-corrupt', 'tokenizer files must hold objects', { file: 'tokenizer' });
  }
  const reader = read(json, config);
  return {
    encode: (text) => reader.encode(text).ids,
    // Vocabularies are often padded to a round number: such an entry has no text, and may still be predicted.
    token: (id) => reader.id_to_token(id) ?? `[${id}]`,
    id: (token) => reader.token_to_id(token),
  };
}

function read(json: object, config: object): Reader {
  try {
    return new Reader(json, config);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new VitrineError('model-corrupt', `tokenizer.json: ${message}`, { file: 'tokenizer' }, cause);
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
