import type { ModelFamily } from '../../protocol/library.ts';
import type { View } from '../../state/address.ts';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { useSampling } from '../use-models.ts';

/** The views that can show a family. */
const SHOWN_IN = {
  contrastive: ['concepts', 'neurons'],
  diffusion: ['attention', 'neurons'],
  backbone: ['neurons'],
  generative: ['ask', 'concepts', 'neurons'],
  segmentation: [],
} as const satisfies Readonly<Record<ModelFamily, readonly View[]>>;

/** Buttons that lead to the views of a model. */
export function LookInside(props: {
  readonly id: string;
  readonly title: string;
  readonly family: ModelFamily;
  readonly primary?: boolean;
}) {
  const { id, title, family, primary = false } = props;
  const texts = useTexts();
  const vitrine = useVitrine();
  const sampling = useSampling();
  const go = (view: (typeof SHOWN_IN)[ModelFamily][number]): void => {
    if (view === 'neurons') {
      vitrine.change(view, { model: id, site: '', run: false, unit: 'none' }, 'replace');
    } else if (view === 'concepts') {
      // What a model answers is read in a part of its own.
      const fields =
        family === 'generative'
          ? { part: 'answer' as const, answerModel: id }
          : { part: 'sees' as const, model: id };
      vitrine.change(view, fields, 'replace');
    } else if (view === 'attention') vitrine.change(view, { model: id, ...sampling(id) }, 'replace');
    else vitrine.change(view, { model: id }, 'replace');
    vitrine.show(view);
  };
  return SHOWN_IN[family].map((view, index) => (
    <Button
      key={view}
      look={primary && index === 0 ? 'primary' : primary ? 'plain' : 'quiet'}
      aria-label={texts.models.lookAt({ title, view: texts.page[view] })}
      onClick={() => go(view)}
    >
      {texts.page[view]}
    </Button>
  ));
}
