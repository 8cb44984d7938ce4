import { View } from '../shell/view.tsx';
import { ModelsInput } from './models-input.tsx';
import { ModelsInside } from './models-inside.tsx';
import { ModelsStage } from './models-stage.tsx';

export function ModelsView() {
  return <View input={<ModelsInput />} stage={<ModelsStage />} inside={<ModelsInside />} />;
}
