import type { JobKind } from '../../protocol/jobs.ts';
import type { Run } from '../../state/run.ts';
import { useTexts } from '../context.ts';
import { Message } from '../controls/message.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { FailureMessage } from '../failure.tsx';

/** What a job is at, with its stop button, or what went wrong with it; nothing once it is done. */
export function JobState<K extends JobKind>(props: {
  readonly run: Run<K>;
  readonly describe: (done: number, total: number) => string;
  readonly onCancel: () => void;
}) {
  const texts = useTexts();
  const { run } = props;
  if (run.status === 'running') {
    return (
      <ProgressLine
        progress={run.progress}
        describe={({ done, total }) => props.describe(done, total)}
        onCancel={props.onCancel}
      />
    );
  }
  if (run.status !== 'failed') return null;
  return run.failure.code === 'cancelled' ? (
    <Message tone="note">{run.kept ? texts.run.stoppedKept : texts.run.stopped}</Message>
  ) : (
    <FailureMessage failure={run.failure} />
  );
}
