/** A question as the decoder's sequence: the model's own chat template, the image's place filled with image tokens. */

import { Template } from '@huggingface/jinja';
import type { SequenceToken, TokenRole } from '../../protocol/ask.ts';
import { VitrineError } from '../../protocol/errors.ts';
import { contentTokens, type TokenRules } from '../prompt.ts';
import type { Tokenizer } from '../session.ts';
import { type Parts, partsText, squareCount } from './parts.ts';

/** How prompts of a model are written. */
export interface ChatFormat {
  /** Jinja, as in `tokenizer_config.json`. */
  readonly template: string;
  readonly start: string;
  readonly end: string;
  /** The token that stands for the picture; undefined where image tokens come first. */
  readonly imageToken: number | undefined;
}

/** What stands in a prompt for a picture. */
export interface PictureTokens {
  readonly tokens: number;
  /** For a picture that was seen in parts: each has its share of the tokens, at a place of its own. */
  readonly parts: Parts | null;
}

/** Image tokens first, then the question: what models without a template are asked with. */
const PLAIN =
  "{% for part in messages[0]['content'] %}{% if part['type'] == 'text' %}{{ part['text'] }}{% endif %}{% endfor %}";

export function readChatFormat(
  tokenizerConfig: unknown,
  chatTemplate: unknown,
  imageToken: number | undefined,
): ChatFormat {
  const own = text(chatTemplate, 'chat_template') ?? text(tokenizerConfig, 'chat_template');
  return {
    template: own ?? PLAIN,
    start: text(tokenizerConfig, 'bos_token') ?? '',
    end: text(tokenizerConfig, 'eos_token') ?? '',
    imageToken,
  };
}

/**
 * The prompt's tokens with positions for the picture. What the visitor typed never becomes a special token:
 * such words are taken out first. Throws `model-corrupt` for a template that cannot be followed.
 */
export function readChat(
  format: ChatFormat,
  tokenizer: Tokenizer,
  rules: TokenRules,
  question: string,
  { tokens: imageTokens, parts }: PictureTokens,
): readonly SequenceToken[] {
  const typed = plainQuestion(question, tokenizer, rules);
  const mark = '\uE000';
  const placeholder = format.imageToken === undefined ? undefined : tokenizer.token(format.imageToken);
  const written = (text: string): string => {
    const prompt = render(format, text);
    if (parts === null || placeholder === undefined) return prompt;
    return prompt.replace(
      placeholder,
      partsText(parts, placeholder, (token) => tokenizer.id(token) !== undefined),
    );
  };
  const [before = '', after = ''] = written(mark).split(mark);
  // The template writes its special tokens itself; a tokenizer that puts its own around every text is told by an empty one.
  const around = tokenizer.encode('');
  const own = {
    start: around.includes(rules.start ?? -1) ? rules.start : undefined,
    end: around.includes(rules.end) ? rules.end : -1,
  };
  const encode = (part: string) => contentTokens(part, tokenizer, own);
  const ids = encode(written(typed));
  const first = commonStart(ids, encode(before));
  const last = ids.length - commonStart([...ids].reverse(), [...encode(after)].reverse());
  const image = format.imageToken;
  const perPlace = parts === null ? imageTokens : imageTokens / squareCount(parts);
  const places = ids.filter((id, index) => id === image && ids[index - 1] !== image).length;
  const tokens: SequenceToken[] = [];
  const push = (id: number, role: TokenRole) => {
    tokens.push({ position: tokens.length, id, text: tokenizer.token(id), role });
  };
  const pushImage = (count: number) => {
    for (let i = 0; i < count; i++) push(image ?? rules.pad, 'image');
  };
  if (places === 0) pushImage(imageTokens);
  ids.forEach((id, index) => {
    if (id === image) {
      // A template may write one placeholder or all of them.
      if (ids[index - 1] !== image) pushImage(perPlace);
    } else push(id, index >= first && index < Math.max(first, last) ? 'question' : 'template');
  });
  return tokens;
}

/** The words of a question that the model does not know. */
export function unknownWords(
  tokens: readonly SequenceToken[],
  question: string,
  rules: TokenRules,
  tokenizer: Tokenizer,
): readonly string[] {
  if (
    rules.unknown === undefined ||
    !tokens.some(({ id, role }) => role === 'question' && id === rules.unknown)
  ) {
    return [];
  }
  const words = question.split(/\s+/).filter((word) => word !== '');
  return words.filter((word) =>
    contentTokens(word.replace(/[?.!,]+$/, ''), tokenizer, rules).some((id) => id === rules.unknown),
  );
}

/** Without special tokens, and without the punctuation that a small vocabulary does not hold. */
function plainQuestion(question: string, tokenizer: Tokenizer, rules: TokenRules): string {
  const safe = question.replace(/<[^<>\s]{1,40}>/g, (token) =>
    tokenizer.id(token) === undefined ? token : ' ',
  );
  const kept = safe.replace(/[?!.,]/g, (sign) =>
    rules.unknown !== undefined && contentTokens(sign, tokenizer, rules).includes(rules.unknown) ? ' ' : sign,
  );
  return kept.replace(/\s+/g, ' ').trim();
}

function render(format: ChatFormat, question: string): string {
  // Templates take a message's content as a list of parts or as one text; those that take a list look into it.
  const listed = /\['type'\]|\["type"\]|\.type\b/.test(format.template);
  try {
    return new Template(format.template).render({
      messages: [
        {
          role: 'user',
          content: listed ? [{ type: 'image' }, { type: 'text', text: question }] : question,
        },
      ],
      bos_token: format.start,
      eos_token: format.end,
      add_generation_prompt: true,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new VitrineError('model-corrupt', `chat_template: ${message}`, { file: 'tokenizer_config' }, error);
  }
}

function commonStart(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function text(json: unknown, name: string): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const value = (json as Readonly<Record<string, unknown>>)[name];
  if (typeof value === 'string') return value;
  // Added tokens stand as objects.
  if (
    typeof value === 'object' &&
    value !== null &&
    'content' in value &&
    typeof value.content === 'string'
  ) {
    return value.content;
  }
  return undefined;
}
