import { useStore } from 'zustand';
import type { LinkProblem } from '../../state/link.ts';
import type { Texts } from '../../text/texts.ts';
import { useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Message } from '../controls/message.tsx';
import { FailureMessage } from '../failure.tsx';
import { FallbackNotice } from './fallback-notice.tsx';
import styles from './shell.module.css';

/** What concerns the whole page: a mangled link, a worker that does not start, a device that is not there. */
export function Notices() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const problems = useStore(vitrine.problems);
  const engine = useStore(vitrine.engine.store, (state) => state.failure);
  const runs = [useRun('generate'), useRun('explain'), useRun('dissect'), useRun('sites')];
  // A job that failed for the same reason says so in its own place.
  const said = runs.some((run) => run.status === 'failed' && run.failure.code === engine?.code);
  const failure = said ? undefined : engine;
  return (
    <div className={styles.notices}>
      {failure && <FailureMessage failure={failure} />}
      <FallbackNotice />
      {problems.length > 0 && (
        <Message
          tone="error"
          action={
            <>
              <ul>
                {problems.map((problem) => (
                  <li key={`${problem.field} ${problem.value} ${problem.reason}`}>
                    {wordProblem(problem, texts.error)}
                  </li>
                ))}
              </ul>
              <Button look="quiet" onClick={vitrine.dismissProblems}>
                {texts.page.dismiss}
              </Button>
            </>
          }
        >
          {texts.error.linkProblems}
        </Message>
      )}
    </div>
  );
}

function wordProblem({ field, value, reason }: LinkProblem, texts: Texts['error']): string {
  switch (reason) {
    case 'unreadable':
      if (field === 'image') return texts.linkImage;
      return texts.linkUnreadable({ field, value: value.length > 40 ? `${value.slice(0, 40)}…` : value });
    case 'unknown-field':
      return texts.linkUnknown({ field: field.slice(0, 40) });
    case 'repeated':
      return texts.linkRepeated({ field });
  }
}
