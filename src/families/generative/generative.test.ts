import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenRules } from '../prompt.ts';
import type { Tokenizer } from '../session.ts';
import { readChat, readChatFormat } from './chat.ts';
import { readGenerativeConfig } from './config.ts';
import { chooseToken, topTokens } from './sample.ts';

const logits = Float32Array.of(1, 3, 2, -4);
const sample = { mode: 'sample', temperature: 1, topP: 1, seed: 0 } as const;

describe('the next token', () => {
  it('is the most probable when greedy, the first of equals', () => {
    expect(chooseToken(logits, { ...sample, mode: 'greedy' }, () => 0.99)).toBe(1);
    expect(chooseToken(Float32Array.of(2, 2), { ...sample, mode: 'greedy' }, () => 0.99)).toBe(0);
  });

  it('comes in proportion: e^3, e^2, e, e^-4 of their sum', () => {
    const sum = Math.exp(3) + Math.exp(2) + Math.exp(1) + Math.exp(-4);
    const edge = Math.exp(3) / sum;
    expect(chooseToken(logits, sample, () => edge - 1e-6)).toBe(1);
    expect(chooseToken(logits, sample, () => edge + 1e-6)).toBe(2);
    expect(chooseToken(logits, sample, () => 0.999999)).toBe(3);
  });

  it('stays within the nucleus, and is greedy where it is cold or narrow', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999999, noNaN: true }), (uniform) => {
        expect(chooseToken(logits, { ...sample, topP: 0.9 }, () => uniform)).not.toBe(3);
        expect(chooseToken(logits, { ...sample, topP: 0 }, () => uniform)).toBe(1);
        expect(chooseToken(logits, { ...sample, temperature: 0.05 }, () => uniform)).toBe(1);
      }),
    );
  });

  it('lists candidates best first', () => {
    expect(topTokens(logits, 2).map(({ id }) => id)).toEqual([1, 2]);
  });
});

const WORDS = ['<s>', '</s>', '<unk>', '<image>', 'user', 'what', 'is', 'red', ':', 'assistant'];
const tokenizer: Tokenizer = {
  encode: (text) =>
    (text.match(/<[^<>\s]+>|\w+|[^\w\s]/g) ?? []).map((word) => {
      const id = WORDS.indexOf(word.toLowerCase());
      return id < 0 ? 2 : id;
    }),
  token: (id) => WORDS[id]!,
  id: (token) => (WORDS.includes(token) ? WORDS.indexOf(token) : undefined),
};
const rules: TokenRules = { start: 0, end: 1, pad: 1, unknown: 2, limit: 64 };
const roles = (template: string | undefined, question: string, imageToken: number | null = 3) => {
  const config = {
    bos_token: '<s>',
    eos_token: '</s>',
    ...(template === undefined ? {} : { chat_template: template }),
  };
  const tokens = readChat(readChatFormat(config, null, imageToken ?? undefined), tokenizer, rules, question, {
    tokens: 2,
    parts: null,
  });
  return tokens.map(({ text, role }) => `${role[0]}:${text}`).join(' ');
};

describe('a chat', () => {
  const LIST = `{{ bos_token }}{% for m in messages %}user: {% for c in m['content'] %}{% if c['type'] == 'image' %}<image>{% else %} {{ c['text'] }}{% endif %}{% endfor %}{% endfor %}{% if add_generation_prompt %} assistant:{% endif %}`;

  it('follows templates that take parts', () => {
    expect(roles(LIST, 'what is red?')).toBe(
      't:<s> t:user t:: i:<image> i:<image> q:what q:is q:red t:assistant t::',
    );
  });

  it('follows templates that take one text, and models that have none', () => {
    expect(
      roles(
        `{{ bos_token }}{% for m in messages %}<image>{{ m['content'] }} assistant:{% endfor %}`,
        'what is red',
      ),
    ).toBe('t:<s> i:<image> i:<image> q:what q:is q:red t:assistant t::');
    expect(roles(undefined, 'is red', null)).toBe('i:</s> i:</s> q:is q:red');
  });

  it('takes a template that writes every placeholder itself', () => {
    expect(roles(`<image><image>{{ messages[0]['content'] }}`, 'red')).toBe('i:<image> i:<image> q:red');
  });

  it('never lets what is typed become a special token', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('what', '<image>', '</s>', 'red', '<', '>'), { maxLength: 8 }),
        (words) => {
          const said = roles(LIST, words.join(' '));
          expect(said.match(/i:<image>/g)).toHaveLength(2);
          expect(said).not.toContain('q:<image>');
          expect(said).not.toContain('q:</s>');
        },
      ),
    );
  });

  it('names a template that is no template', () => {
    expect(() => roles('{% for %}', 'red')).toThrow(/chat_template/);
  });
});

describe('a config', () => {
  it('is read as LLaVA, BLIP-2 and Idefics write it', () => {
    const vision = { vision_config: { image_size: 128, patch_size: 16 }, eos_token_id: 1 };
    expect(
      readGenerativeConfig({
        ...vision,
        image_token_index: 88,
        text_config: { max_position_embeddings: 96 },
      }),
    ).toEqual({
      imageSize: 128,
      grid: 8,
      tokensOfSquare: 64,
      imageToken: 88,
      endTokens: [1],
      limit: 96,
    });
    expect(readGenerativeConfig({ ...vision, image_token_id: 5, eos_token_id: [1, 9] })).toMatchObject({
      imageToken: 5,
      endTokens: [1, 9],
    });
    // What generates comes first; Idefics shuffles 2 x 2 patches into one token.
    expect(
      readGenerativeConfig({ ...vision, eos_token_id: 1, scale_factor: 2 }, { eos_token_id: [7, 2] }),
    ).toMatchObject({ endTokens: [7, 2], tokensOfSquare: 16 });
    expect(() => readGenerativeConfig({ vision_config: {} })).toThrow(/image_size/);
    expect(() => readGenerativeConfig({ ...vision, eos_token_id: undefined })).toThrow(/eos_token_id/);
  });
});
