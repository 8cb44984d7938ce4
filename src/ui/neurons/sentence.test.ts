import { describe, expect, it } from 'vitest';
import { en } from '../../text/en.ts';
import { zhHant } from '../../text/zh-hant.ts';
import { wordSentence } from './sentence.ts';

const part = (concept: string, category: string) => ({ concept, category, share: 0.8, baseline: 0.2 });

describe('wordSentence', () => {
  const wheels = {
    heads: [
      { concept: 'wheel', category: 'part' },
      { concept: 'bumper', category: 'part' },
    ],
    less: [
      { concept: 'grass', category: 'object' },
      { concept: 'sunset', category: 'scene' },
    ],
    mostly: [part('bus', 'object'), part('red', 'color')],
    rarely: [part('night', 'scene'), part('beach', 'scene')],
  };

  it('says what the evidence says, in both languages', () => {
    expect(wordSentence(wheels, en, 'en')).toBe(
      'Fires on wheels, mostly of buses and in red, rarely at night or in beach scenes; also on bumpers; less often with grass or at sunset.',
    );
    expect(wordSentence(wheels, zhHant, 'zh-Hant')).toBe(
      '看到 wheel 會起反應，多半屬於 bus和是 red，很少在 night或在 beach 場景；還有 bumper；有 grass 或在 sunset時較少。',
    );
  });

  it('says once what is both rare and a hindrance', () => {
    const night = { concept: 'night', category: 'scene' };
    expect(
      wordSentence(
        {
          ...wheels,
          heads: wheels.heads.slice(0, 1),
          mostly: [],
          less: [night],
          rarely: [part('night', 'scene')],
        },
        en,
        'en',
      ),
    ).toBe('Fires on wheels; less often at night.');
  });

  it('leaves out what there is no evidence for', () => {
    const only = (concept: string, category: string) =>
      wordSentence({ heads: [{ concept, category }], less: [], mostly: [], rarely: [] }, en, 'en');
    expect(only('sky', 'object')).toBe('Fires on sky.');
    expect(only('person', 'object')).toBe('Fires on people.');
    expect(only('purple', 'color')).toBe('Fires on purple surfaces.');
    expect(only('night', 'scene')).toBe('Fires on night scenes.');
    expect(only('grass', 'material')).toBe('Fires on grass.');
    expect(wordSentence({ heads: [], less: [], mostly: [], rarely: [] }, en, 'en')).toBe('');
  });
});
