import { useAddress } from '../context.ts';
import { View } from '../shell/view.tsx';
import { AttentionInput } from './attention-input.tsx';
import { AttentionInside } from './attention-inside.tsx';
import { AttentionStage } from './attention-stage.tsx';
import { CompareStage } from './compare-stage.tsx';
import { OtherInput } from './other-input.tsx';
import { PictureInput } from './picture-input.tsx';
import { SteerInside } from './steer/steer-inside.tsx';
import { SteerStage } from './steer/steer-stage.tsx';

export function AttentionView() {
  const mode = useAddress((address) => address.attention.mode);
  switch (mode) {
    case 'look':
      return <View input={<AttentionInput />} stage={<AttentionStage />} inside={<AttentionInside />} />;
    case 'steer':
      return <View input={<AttentionInput />} stage={<SteerStage />} inside={<SteerInside />} />;
    case 'picture':
      return <View input={<PictureInput />} stage={<AttentionStage />} inside={<AttentionInside />} />;
    case 'compare':
      return <View input={<AttentionInput />} stage={<CompareStage />} inside={<OtherInput />} />;
  }
}
