import { useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Message } from '../controls/message.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { FailureMessage } from '../failure.tsx';
import { share } from '../figures.ts';
import shell from '../shell/shell.module.css';

/** The button that dissects, or how far it is; a paused one can go on. */
export function DissectRun({ ready }: { readonly ready: boolean }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('dissect');
  const { neurons } = texts;
  return (
    <>
      {run.status === 'running' ? (
        <>
          <ProgressLine
            progress={run.progress}
            describe={({ done, total }) =>
              `${run.progress?.pass === 'count' ? neurons.passCount : neurons.passThreshold}, ${neurons.sceneOf({ done, total })}`
            }
            onCancel={vitrine.runs.dissect.cancel}
          />
          {run.progress?.resumedAt !== undefined && (
            <p className={shell.small}>
              {neurons.resumed({ share: share(run.progress.resumedAt / run.progress.total) })}
            </p>
          )}
        </>
      ) : (
        <Button type="submit" look="primary" disabled={!ready}>
          {neurons.dissect}
        </Button>
      )}
      {run.status === 'failed' &&
        (run.failure.code === 'cancelled' ? (
          <Message
            tone="note"
            action={
              <>
                <Button onClick={() => vitrine.runs.dissect.start(run.params)}>{neurons.resume}</Button>
                <Button look="quiet" onClick={vitrine.neurons.startOver}>
                  {neurons.startOver}
                </Button>
              </>
            }
          >
            {run.kept
              ? texts.run.stoppedKept
              : run.progress?.rows
                ? neurons.partialStopped
                : texts.run.stopped}{' '}
            {neurons.paused}
          </Message>
        ) : (
          <FailureMessage failure={run.failure} />
        ))}
    </>
  );
}
