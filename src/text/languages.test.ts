import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { loadTexts, preferredLanguage } from './languages.ts';
import { zhHant } from './zh-hant.ts';

interface Leaf {
  readonly path: string;
  readonly text: string;
  /** Names of the parameters that the text makes use of; none for plain texts. */
  readonly used: readonly string[];
}

/** Flattens a catalogue; functions are called with a recorder that notes which parameters they read. */
function leaves(node: object, path = ''): Leaf[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]): Leaf[] => {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') return [{ path: here, text: value, used: [] }];
    if (typeof value === 'function') {
      const used = new Set<string>();
      const get = (_: object, name: string | symbol): string => {
        used.add(String(name));
        return `<${String(name)}>`;
      };
      const recorder = new Proxy({}, { get });
      const text = String((value as (parameters: unknown) => unknown)(recorder));
      return [{ path: here, text, used: [...used].sort() }];
    }
    return leaves(value as object, here);
  });
}

describe('the catalogue', () => {
  const english = leaves(en);
  const chinese = leaves(zhHant);

  it('has the same keys with the same parameters in both languages', () => {
    const shape = (list: readonly Leaf[]) =>
      list.map(({ path, used }) => `${path}(${used.join(', ')})`).sort();
    expect(shape(chinese)).toEqual(shape(english));
  });

  it('shows every parameter that it reads', () => {
    for (const { path, text, used } of [...english, ...chinese]) {
      for (const name of used) expect(text, path).toContain(`<${name}>`);
    }
  });

  it('says something everywhere', () => {
    for (const { path, text } of [...english, ...chinese]) expect(text.trim(), path).not.toBe('');
  });

  it('is Chinese where it says so, and free of simplified characters', () => {
    const names = new Set([
      'page.title',
      'status.wasm',
      'status.webgpu',
      'neurons.iou',
      'neurons.sceneOf',
      'neurons.unitDetects',
    ]);
    for (const { path, text } of chinese) {
      if (!names.has(path) && !path.startsWith('exports.p') && !/^exports\.(csv|json|npz|svg)/.test(path)) {
        expect(text, path).toMatch(/\p{Script=Han}/u);
      }
      expect(text, path).not.toMatch(/[图词层击显据视频链络错误习线开门时间给个这说]/u);
    }
  });

  it('follows the browser', () => {
    expect(preferredLanguage(['fr-FR', 'zh-TW', 'en'])).toBe('zh-Hant');
    expect(preferredLanguage(['en-GB', 'zh-TW'])).toBe('en');
    expect(preferredLanguage(['fr'])).toBe('en');
  });
});

describe('loading', () => {
  it('fetches Chinese once, and then carries it for a reader that does not wait', async () => {
    const loading = loadTexts();
    expect(loadTexts()).toBe(loading);
    expect(await loading).toBe(zhHant);
    expect(loading).toMatchObject({ status: 'fulfilled', value: zhHant });
  });
});
