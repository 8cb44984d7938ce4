import type { JobKind } from '../protocol/jobs.ts';
import type { Run } from '../state/run.ts';
import { useTexts } from './context.ts';
import { Message } from './controls/message.tsx';
import { FailureMessage } from './failure.tsx';

/** What went wrong with a run, or that it was stopped; nothing as long as neither is so. */
export function RunFailure<K extends JobKind>(props: {
  readonly run: Run<K>;
  /** Said of a stopped run instead of the usual words, which tell whether what was there before is kept. */
  readonly stopped?: string;
}) {
  const texts = useTexts();
  const { run } = props;
  if (run.status !== 'failed') return null;
  if (run.failure.code !== 'cancelled') return <FailureMessage failure={run.failure} />;
  const usual = run.kept ? texts.run.stoppedKept : texts.run.stopped;
  return <Message tone="note">{props.stopped ?? usual}</Message>;
}
