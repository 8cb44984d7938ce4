import { useStore } from 'zustand';
import { MOST_PICTURES, shelfOf } from '../../state/shelf.ts';
import { useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Message } from '../controls/message.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { FailureMessage } from '../failure.tsx';
import shell from '../shell/shell.module.css';
import styles from './concepts.module.css';
import { JobState } from './job-state.tsx';

/** Files named at most, of those that were left out. */
const NAMED = 4;

/** Which pictures are searched or checked: the drawn scenes, or the visitor's own with their captions. */
export function ShelfChooser() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { shelf, runs } = vitrine;
  const state = useStore(shelf.store);
  const run = useRun('collect');
  const filled = shelfOf(state);
  const open = (files: FileList | null): void => {
    if (files && files.length > 0) void shelf.openFiles([...files]);
  };
  return (
    <div className={shell.group}>
      <h2 className={shell.heading}>{texts.parts.source}</h2>
      {filled && (
        <p>
          {filled.own
            ? texts.parts.sourceOwn({ count: filled.items.length })
            : texts.parts.sourceWorld({ count: filled.items.length })}
        </p>
      )}
      {state.status === 'reading' ? (
        <ProgressLine
          progress={{ phase: 'run', done: state.done, total: state.total, elapsedMs: 0 }}
          describe={({ done, total }) => texts.parts.reading({ done, total })}
          onCancel={shelf.cancel}
        />
      ) : (
        <JobState
          run={run}
          describe={(done, total) => texts.parts.embedding({ done, total })}
          onCancel={runs.collect.cancel}
        />
      )}
      {state.status === 'failed' && <FailureMessage failure={state.failure} />}
      {filled && filled.problems.length > 0 && (
        <Message tone="caution">
          {texts.parts.skipped({
            count: filled.problems.length,
            names: filled.problems
              .slice(0, NAMED)
              .map(({ name }) => name)
              .join(', '),
          })}
        </Message>
      )}
      {filled && filled.beyond > 0 && (
        <Message tone="caution">
          {texts.parts.beyondMost({ most: MOST_PICTURES, count: filled.beyond })}
        </Message>
      )}
      {filled?.own && filled.items.every(({ caption }) => caption === '') && (
        <Message tone="caution">{texts.parts.noCaptions}</Message>
      )}
      <div className={shell.row}>
        <FileOpener label={texts.parts.openFolder} folder onOpen={open} />
        <FileOpener label={texts.parts.openFiles} folder={false} onOpen={open} />
        {filled?.own && (
          <Button look="quiet" onClick={() => void shelf.openWorld()}>
            {texts.parts.useWorld}
          </Button>
        )}
      </div>
      <p className={shell.small}>{texts.parts.folderHint}</p>
    </div>
  );
}

function FileOpener(props: {
  readonly label: string;
  readonly folder: boolean;
  readonly onOpen: (files: FileList | null) => void;
}) {
  return (
    <label className={styles.opener}>
      <input
        type="file"
        className={styles.file}
        multiple
        accept={props.folder ? undefined : 'image/*,.csv,.tsv,.json,.jsonl,.txt'}
        {...(props.folder && { webkitdirectory: '' })}
        onChange={({ target }) => {
          props.onOpen(target.files);
          target.value = '';
        }}
      />
      <span className={styles.open}>{props.label}</span>
    </label>
  );
}
