import type { Caution } from '../protocol/jobs.ts';
import type { Texts } from '../text/texts.ts';
import { useTexts } from './context.ts';
import { Message } from './controls/message.tsx';
import { distance } from './figures.ts';

/** Why a result must not be trusted, beside the result. */
export function Cautions({ cautions }: { readonly cautions: readonly Caution[] }) {
  const texts = useTexts();
  return cautions.map((caution) => (
    <Message key={caution.kind} tone="caution">
      {wordCaution(caution, texts)}
    </Message>
  ));
}

function wordCaution(caution: Caution, { caution: texts }: Texts): string {
  switch (caution.kind) {
    case 'unknown-words':
      return texts.unknownWords({ words: caution.words.join(', ') });
    case 'cut-words':
      return texts.cutWords({ words: caution.words.join(', '), limit: caution.limit });
    case 'question-unread':
      return texts.questionUnread;
    case 'pooled':
      return caution.sigmoid ? `${texts.pooled} ${texts.sigmoid}` : texts.pooled;
    case 'parts':
      return texts.parts({ parts: caution.parts, asked: caution.asked });
    case 'scheduler':
      return texts.scheduler({ asked: caution.asked, used: caution.used });
    case 'assumed-size':
      return texts.assumedSize({ side: caution.side });
    case 'foreign-image':
      return texts.foreignImage({
        distance: distance(caution.distance),
        threshold: distance(caution.threshold),
      });
  }
}
