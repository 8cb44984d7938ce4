import { useStore } from 'zustand';
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
  const crosses = useCrosses(id);
  const views = SHOWN_IN[family].filter((view) => !(crosses && view === 'concepts'));
  return views.map((view, index) => (
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

/** Whether a kept model answers by cross attention: its decoder gets words alone, or an encoder joins them with the picture. */
function useCrosses(id: string): boolean {
  const kept = useStore(useVitrine().library.kept)?.models.find((model) => model.id === id);
  if (kept?.family !== 'generative') return false;
  const roles = new Set(kept.files.map(({ role }) => role));
  return !roles.has('embed_tokens') || roles.has('encoder_model');
}
