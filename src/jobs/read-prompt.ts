/** How a model reads a prompt, without running it: the chips appear while the visitor types. */

import { readPrompt as read, readTokenRules } from '../families/prompt.ts';
import type { Job } from './runtime.ts';

export const readPrompt: Job<'readPrompt'> = async ({ model, prompt }, { runtime }) => {
  const tokenizer = await runtime.tokenizer(model);
  const rules = readTokenRules(await runtime.json(model, 'tokenizer_config'), tokenizer);
  return read(prompt, tokenizer, rules);
};
