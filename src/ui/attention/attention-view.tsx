import { View } from '../shell/view.tsx';
import { AttentionInput } from './attention-input.tsx';
import { AttentionInside } from './attention-inside.tsx';
import { AttentionStage } from './attention-stage.tsx';

export function AttentionView() {
  return <View input={<AttentionInput />} stage={<AttentionStage />} inside={<AttentionInside />} />;
}
