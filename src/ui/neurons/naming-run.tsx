import { useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { share } from '../figures.ts';
import { RunFailure } from '../run-failure.tsx';
import shell from '../shell/shell.module.css';

/** The button that names the units with words, or how far it is. */
export function NamingRun({ ready }: { readonly ready: boolean }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('nameUnits');
  return (
    <>
      {run.status === 'running' ? (
        <>
          <ProgressLine
            progress={run.progress}
            describe={texts.naming.doing}
            onCancel={vitrine.runs.nameUnits.cancel}
          />
          {run.progress?.resumedAt !== undefined && (
            <p className={shell.small}>
              {texts.neurons.resumed({ share: share(run.progress.resumedAt / run.progress.total) })}
            </p>
          )}
        </>
      ) : (
        <Button type="submit" look="primary" disabled={!ready}>
          {texts.naming.run}
        </Button>
      )}
      <RunFailure run={run} />
    </>
  );
}
