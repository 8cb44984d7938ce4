import type { Edit } from '../../../protocol/steer.ts';
import type { Texts } from '../../../text/texts.ts';
import { fixed } from '../../figures.ts';

/** An edit in a few words, as "a blue car, car × 2". Words are named by the edit's own prompt, else by the first one. */
export function editSummary(edit: Edit, prompt: string, { steer }: Texts): string {
  const words = (edit.prompt === '' ? prompt : edit.prompt).split(' ');
  const parts = [
    edit.prompt,
    edit.recolour && `${words[edit.recolour.word] ?? ''} → ${edit.recolour.to} (${edit.recolour.recipe})`,
    ...edit.weights.map(({ word, weight }) => `${words[word] ?? ''} × ${fixed(weight)}`),
    edit.paint && steer.summaryPaint({ words: edit.paint.words.map((at) => words[at] ?? '').join(' ') }),
    edit.within && steer.inside,
    edit.blend !== null && steer.summaryBlend({ word: words[edit.blend] ?? '' }),
    edit.renormalise && steer.renormalise,
  ];
  return parts.filter((part) => typeof part === 'string' && part !== '').join(', ') || steer.plain;
}
