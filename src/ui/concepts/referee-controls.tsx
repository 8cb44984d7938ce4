import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Select } from '../controls/select.tsx';
import shell from '../shell/shell.module.css';

/** Which direction the referee takes out or adds, from which of `depth` layers on, and the two buttons that ask it. */
export function RefereeControls(props: {
  readonly concepts: readonly string[];
  readonly concept: number;
  readonly from: number;
  readonly depth: number;
  readonly onStart: (act: 'remove' | 'add') => void;
}) {
  const { parts } = useTexts();
  const vitrine = useVitrine();
  return (
    <>
      <Select
        label={parts.refereeConcept}
        value={String(props.concept)}
        options={props.concepts.map((label, index) => ({ value: String(index), label }))}
        onChange={(value) => vitrine.change('concepts', { asked: Number(value) }, 'push')}
      />
      <p className={shell.small}>
        {parts.refereeFrom}: {props.from + 1} / {props.depth}
      </p>
      <div className={shell.row}>
        <Button onClick={() => props.onStart('remove')}>{parts.remove}</Button>
        <Button onClick={() => props.onStart('add')}>{parts.add}</Button>
      </div>
    </>
  );
}
