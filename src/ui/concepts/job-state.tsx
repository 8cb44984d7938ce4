import type { JobKind } from '../../protocol/jobs.ts';
import type { Run } from '../../state/run.ts';
import { ProgressLine } from '../controls/progress-line.tsx';
import { RunFailure } from '../run-failure.tsx';

/** What a job is at, with its stop button, or what went wrong with it; nothing once it is done. */
export function JobState<K extends JobKind>(props: {
  readonly run: Run<K>;
  readonly describe: (done: number, total: number) => string;
  readonly onCancel: () => void;
}) {
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
  return <RunFailure run={run} />;
}
