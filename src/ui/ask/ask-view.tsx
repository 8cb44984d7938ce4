import { modelsOf } from '../../state/models.ts';
import { useTexts } from '../context.ts';
import shell from '../shell/shell.module.css';
import { View } from '../shell/view.tsx';
import { AskInput } from './ask-input.tsx';
import { AskInside } from './ask-inside.tsx';
import { AskStage } from './ask-stage.tsx';

export function AskView() {
  const texts = useTexts();
  if (modelsOf('generative').length === 0) {
    const nothing = <p className={shell.lead}>{texts.ask.noModel}</p>;
    return <View input={nothing} stage={null} inside={null} />;
  }
  return <View input={<AskInput />} stage={<AskStage />} inside={<AskInside />} />;
}
