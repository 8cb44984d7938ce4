import { shownOf } from '../../state/run.ts';
import { useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import shell from '../shell/shell.module.css';
import { JobState } from './job-state.tsx';
import { useHeadsLeftOut } from './use-heads.ts';

/** Left of the heads: what this is, and which heads are left out. */
export function HeadsInput() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('heads');
  const report = shownOf(run);
  const { without, leaveOut } = useHeadsLeftOut();
  return (
    <>
      <p className={shell.lead}>{texts.parts.headsLead}</p>
      {report && (
        <p className={shell.small}>
          {texts.parts.headsWhat({ scenes: report.params.scenes, pool: report.result.pool })}
        </p>
      )}
      {report?.result.pooled && <p className={shell.small}>{texts.parts.pooledHeads}</p>}
      <div className={shell.group}>
        <JobState
          run={run}
          describe={(done, total) => texts.parts.sceneCount({ done, total })}
          onCancel={vitrine.runs.heads.cancel}
        />
        {run.status === 'failed' && <Button onClick={vitrine.run}>{texts.run.again}</Button>}
      </div>
      {without.length > 0 && (
        <div className={shell.group}>
          <h2 className={shell.heading}>{texts.parts.ablationCount({ count: without.length })}</h2>
          <p className={shell.small}>{without.map(label).join(', ')}</p>
          <Button onClick={() => leaveOut([])}>{texts.parts.clear}</Button>
        </div>
      )}
    </>
  );
}

/** As the page counts, from 1. */
function label(name: string): string {
  return name
    .split('.')
    .map((part) => Number(part) + 1)
    .join('.');
}
