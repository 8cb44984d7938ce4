import type { HeadName } from '../../protocol/concepts.ts';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Message } from '../controls/message.tsx';

/** Says that some heads are left out of the patches, and offers all of them again. */
export function WithoutHeads({ heads }: { readonly heads: readonly HeadName[] }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  if (heads.length === 0) return null;
  const names = heads.map(({ layer, head }) => `${layer + 1}.${head + 1}`).join(', ');
  return (
    <Message
      tone="note"
      action={
        <Button
          look="quiet"
          onClick={() => {
            vitrine.change('concepts', { without: [] }, 'push');
            vitrine.run();
          }}
        >
          {texts.parts.withAll}
        </Button>
      }
    >
      {texts.parts.without({ heads: names })}
    </Message>
  );
}
