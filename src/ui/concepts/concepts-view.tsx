import { useAddress } from '../context.ts';
import { View } from '../shell/view.tsx';
import { AnswerInput } from './answer-input.tsx';
import { AnswerInside } from './answer-inside.tsx';
import { AnswerStage } from './answer-stage.tsx';
import { CheckInput } from './check-input.tsx';
import { CheckInside } from './check-inside.tsx';
import { CheckStage } from './check-stage.tsx';
import { ConceptsInput } from './concepts-input.tsx';
import { ConceptsInside } from './concepts-inside.tsx';
import { ConceptsStage } from './concepts-stage.tsx';
import { HeadsInput } from './heads-input.tsx';
import { HeadsInside } from './heads-inside.tsx';
import { HeadsStage } from './heads-stage.tsx';
import { PartTabs } from './part-tabs.tsx';
import { RetrievalInput } from './retrieval-input.tsx';
import { RetrievalInside } from './retrieval-inside.tsx';
import { RetrievalStage } from './retrieval-stage.tsx';

const PARTS = {
  sees: { Input: ConceptsInput, Stage: ConceptsStage, Inside: ConceptsInside },
  answer: { Input: AnswerInput, Stage: AnswerStage, Inside: AnswerInside },
  heads: { Input: HeadsInput, Stage: HeadsStage, Inside: HeadsInside },
  retrieval: { Input: RetrievalInput, Stage: RetrievalStage, Inside: RetrievalInside },
  check: { Input: CheckInput, Stage: CheckStage, Inside: CheckInside },
} as const;

export function ConceptsView() {
  const { Input, Stage, Inside } = PARTS[useAddress((address) => address.concepts.part)];
  return (
    <View
      input={<Input />}
      stage={
        <>
          <PartTabs />
          <Stage />
        </>
      }
      inside={<Inside />}
    />
  );
}
