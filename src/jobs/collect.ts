/** A collection of captioned pictures: embedded once, then searched, mapped and checked pair by pair. */

import { jointMap, modalityGap, withoutMeans } from '../methods/concepts/joint-map.ts';
import { checkPairs } from '../methods/concepts/pair-check.ts';
import { VitrineError } from '../protocol/errors.ts';
import { embed } from './embed.ts';
import type { Job } from './runtime.ts';

export const collect: Job<'collect'> = async (params, context) => {
  const { runtime, cancellation } = context;
  const started = runtime.now();
  const { items } = params;
  if (items.length === 0) {
    throw new VitrineError('bad-parameter', 'no pictures', {
      name: 'items',
      allowed: 'at least one picture',
    });
  }
  const { images, texts } = await embed(
    {
      model: params.model,
      images: items.map(({ image }) => image),
      // What has no caption is compared with an empty one's nearest thing: a blank is no prompt.
      texts: items.map(({ caption }) => (caption.trim() === '' ? 'nothing' : caption)),
    },
    context,
  );
  const { pairs, chance } = await checkPairs(images, texts, async () => {
    await runtime.pause();
    cancellation.check();
  });
  const centred = withoutMeans(images, texts);
  return {
    recipe: 'pair-check',
    pairs,
    chance: { low: chance[0], high: chance[1], samples: items.length },
    gap: modalityGap(images, texts),
    raw: jointMap(images, texts),
    centred: jointMap(centred.images, centred.texts),
    images,
    texts,
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};
