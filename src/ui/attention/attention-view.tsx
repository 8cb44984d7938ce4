import { useAddress } from '../context.ts';
import { View } from '../shell/view.tsx';
import { AttentionInput } from './attention-input.tsx';
import { AttentionInside } from './attention-inside.tsx';
import { AttentionStage } from './attention-stage.tsx';
import { SteerInside } from './steer/steer-inside.tsx';
import { SteerStage } from './steer/steer-stage.tsx';

export function AttentionView() {
  const mode = useAddress((address) => address.attention.mode);
  if (mode === 'steer')
    return <View input={<AttentionInput />} stage={<SteerStage />} inside={<SteerInside />} />;
  return <View input={<AttentionInput />} stage={<AttentionStage />} inside={<AttentionInside />} />;
}
