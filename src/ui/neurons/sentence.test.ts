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
    mostly: [part('bus', 'object'), part('red', 'color')],
    rarely: [part('night', 'scene'), part('beach', 'scene')],
  };

  it('says what the evidence says, in both languages', () => {
    expect(wordSentence(wheels, en, 'en')).toBe(
      'Fires on wheels and bumpers, mostly of buses and in red, rarely at night or in beach scenes.',
    );
    expect(wordSentence(wheels, zhHant, 'zh-Hant')).toBe(
      '看到 wheel和bumper 會起反應，多半屬於 bus和是 red，很少在 night或在 beach 場景。',
    );
  });

  it('leaves out what there is no evidence for', () => {
    const only = (concept: string, category: string) =>
      wordSentence({ heads: [{ concept, category }], mostly: [], rarely: [] }, en, 'en');
    expect(only('sky', 'object')).toBe('Fires on sky.');
    expect(only('person', 'object')).toBe('Fires on people.');
    expect(only('purple', 'color')).toBe('Fires on purple surfaces.');
    expect(only('night', 'scene')).toBe('Fires on night scenes.');
    expect(only('grass', 'material')).toBe('Fires on grass.');
    expect(wordSentence({ heads: [], mostly: [], rarely: [] }, en, 'en')).toBe('');
  });
});
