import { type DragEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { DataFiles } from '../../protocol/data.ts';
import { cleanText, LIMITS } from '../../state/address.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Disclosure } from '../controls/disclosure.tsx';
import { Message } from '../controls/message.tsx';
import { FailureMessage } from '../failure.tsx';
import shell from '../shell/shell.module.css';
import { dataOfFiles, dataOfTransfer } from './data-files.ts';
import styles from './neurons.module.css';

/** What the units are shown: the drawn world, or an annotated data set of the visitor's. */
export function DataField() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { data: name, panel } = useAddress((address) => address.neurons);
  const data = useStore(vitrine.neurons.data);
  const summary = useStore(vitrine.runs.inspectData.store);
  const [over, setOver] = useState(false);
  const { neurons } = texts;
  const take = (found: DataFiles | undefined): void => {
    if (!found) return;
    const named = { ...found, name: cleanText(found.name, LIMITS.short) };
    vitrine.neurons.data.setState(named, true);
    vitrine.change('neurons', { data: named.name, run: false, naming: false, unit: 'none' }, 'push');
    vitrine.runs.inspectData.start({ data: named });
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    void dataOfTransfer(event.dataTransfer).then(take);
  };
  const missing = name !== '' && data?.name !== name;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the buttons inside do the same
    <div
      className={styles.data}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p className={shell.small}>{neurons.data}</p>
      <p>
        <b>{name === '' ? neurons.dataWorld : neurons.dataNow({ name })}</b>
      </p>
      <div className={shell.row}>
        <FileButton label={neurons.dataOpen} folder onFiles={(files) => take(dataOfFiles(files))} />
        <FileButton label={neurons.dataZip} onFiles={(files) => take(dataOfFiles(files))} />
        {name !== '' && (
          <Button
            look="quiet"
            onClick={() => {
              vitrine.neurons.data.setState(undefined, true);
              vitrine.change('neurons', { data: '', run: false, naming: false, unit: 'none' }, 'push');
            }}
          >
            {neurons.dataWorld}
          </Button>
        )}
      </div>
      {name === '' && <p className={shell.small}>{neurons.dataHint}</p>}
      {missing && <Message tone="caution">{neurons.dataAgain({ name })}</Message>}
      {!missing && name !== '' && summary.status === 'failed' && summary.failure.code !== 'cancelled' && (
        <FailureMessage failure={summary.failure} subject={name} />
      )}
      {!missing && name !== '' && summary.status === 'running' && (
        <p className={shell.small} role="status">
          {neurons.dataReading}
        </p>
      )}
      {!missing && name !== '' && summary.status === 'done' && (
        <>
          <p className={shell.small} role="status">
            {neurons.dataFound({
              format: neurons[`format_${summary.result.format}`],
              images: summary.result.images,
              labels: summary.result.categories.reduce((sum, { labels }) => sum + labels, 0),
            })}
          </p>
          {summary.result.format === 'pictures' && panel !== 'words' && (
            <Message
              tone="note"
              action={
                <Button onClick={() => vitrine.change('neurons', { panel: 'words' }, 'push')}>
                  {texts.naming.toWordsButton}
                </Button>
              }
            >
              {texts.naming.toWords}
            </Message>
          )}
          {summary.result.missingCount > 0 && (
            <Disclosure summary={neurons.dataMissing({ count: summary.result.missingCount })}>
              <ul className={shell.small}>
                {summary.result.missing.map((file) => (
                  <li key={file}>{file}</li>
                ))}
              </ul>
            </Disclosure>
          )}
        </>
      )}
    </div>
  );
}

function FileButton(props: {
  readonly label: string;
  readonly folder?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}) {
  return (
    <label className={styles.opener}>
      <input
        type="file"
        className={styles.file}
        {...(props.folder ? { webkitdirectory: '' } : { accept: '.zip' })}
        onChange={({ target }) => {
          props.onFiles([...(target.files ?? [])]);
          // The same folder may be chosen again after a failure.
          target.value = '';
        }}
      />
      <span className={styles.open}>{props.label}</span>
    </label>
  );
}
