import { View } from '../shell/view.tsx';
import { NeuronsInput } from './neurons-input.tsx';
import { NeuronsInside } from './neurons-inside.tsx';
import { NeuronsStage } from './neurons-stage.tsx';

export function NeuronsView() {
  return <View input={<NeuronsInput />} stage={<NeuronsStage />} inside={<NeuronsInside />} />;
}
