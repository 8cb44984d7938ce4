import type { StepWindow } from '../../../protocol/steer.ts';
import { Range } from '../../controls/range.tsx';
import { share } from '../../figures.ts';
import { useDraft } from '../../use-draft.ts';
import { useRested } from './use-rested.ts';

/** From which step to which something of the first picture is taken over. The ends push each other along. */
export function StepWindowField(props: {
  readonly from: string;
  readonly until: string;
  readonly value: StepWindow;
  readonly onChange: (value: StepWindow) => void;
}) {
  const [[from, to], setWindow] = useDraft(props.value);
  const rested = useRested(props.onChange);
  const put = (next: StepWindow): void => {
    setWindow(next);
    rested(next);
  };
  const shared = {
    min: 0,
    max: 1,
    step: 0.05,
    format: share,
  };
  return (
    <>
      <Range
        label={props.from}
        value={from}
        {...shared}
        onChange={(value) => put([value, Math.max(value, to)])}
      />
      <Range
        label={props.until}
        value={to}
        {...shared}
        onChange={(value) => put([Math.min(from, value), value])}
      />
    </>
  );
}
