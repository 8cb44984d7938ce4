/** How a model reads a prompt, without running it: the chips appear while the visitor types. */

import { readPrompt as read, readTokenRules } from '../families/prompt.ts';
import type { Job } from './runtime.ts';

/** Tokens that are read where a tokenizer states no limit: a language model's own is far longer than a line. */
const USUAL_LIMIT = 512;

export const readPrompt: Job<'readPrompt'> = async ({ model, prompt }, { runtime }) => {
  const tokenizer = await runtime.tokenizer(model);
  const rules = readTokenRules(await runtime.json(model, 'tokenizer_config'), tokenizer, USUAL_LIMIT);
  return read(prompt, tokenizer, rules);
};
