import { lazy } from 'react';
import { useAddress } from '../context.ts';
import { View } from '../shell/view.tsx';
import { AttentionInput } from './attention-input.tsx';
import { AttentionInside } from './attention-inside.tsx';
import { AttentionStage } from './attention-stage.tsx';

// These come when they are chosen: the first view is small.
const CompareStage = lazy(async () => ({ default: (await import('./compare-stage.tsx')).CompareStage }));
const OtherInput = lazy(async () => ({ default: (await import('./other-input.tsx')).OtherInput }));
const PictureInput = lazy(async () => ({ default: (await import('./picture-input.tsx')).PictureInput }));
const SteerInside = lazy(async () => ({ default: (await import('./steer/steer-inside.tsx')).SteerInside }));
const SteerStage = lazy(async () => ({ default: (await import('./steer/steer-stage.tsx')).SteerStage }));

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
