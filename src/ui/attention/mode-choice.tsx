import { ATTENTION_MODES } from '../../state/address.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Segments } from '../controls/segments.tsx';
import shell from '../shell/shell.module.css';

/** What is done with attention, and what that is good for. */
export function ModeChoice() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const mode = useAddress((address) => address.attention.mode);
  const leads = {
    look: texts.attention.lead,
    steer: texts.steer.steerLead,
    picture: texts.steer.pictureLead,
    compare: texts.steer.compareLead,
  };
  return (
    <>
      <Segments
        label={texts.steer.modes}
        value={mode}
        options={ATTENTION_MODES.map((value) => ({ value, label: texts.steer[value] }))}
        onChange={(next) => {
          vitrine.change('attention', { mode: next }, 'push');
          vitrine.run();
        }}
      />
      <p className={shell.lead}>{leads[mode]}</p>
    </>
  );
}
