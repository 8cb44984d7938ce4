import { View } from '../shell/view.tsx';
import { ConceptsInput } from './concepts-input.tsx';
import { ConceptsInside } from './concepts-inside.tsx';
import { ConceptsStage } from './concepts-stage.tsx';

export function ConceptsView() {
  return <View input={<ConceptsInput />} stage={<ConceptsStage />} inside={<ConceptsInside />} />;
}
