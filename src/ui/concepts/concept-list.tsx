import { useState } from 'react';
import { fitConcepts, splitConcepts } from '../../state/concept-list.ts';
import { useTexts } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Disclosure } from '../controls/disclosure.tsx';
import { Field } from '../controls/field.tsx';
import shell from '../shell/shell.module.css';
import { refusalOf } from './concept-refusal.ts';
import styles from './concepts.module.css';
import parts from './parts.module.css';

/** Bytes of a file that can be a list of words. */
const LARGEST = 1_000_000;

/** A whole list of words or sentences at once: pasted, or from a text file. */
export function ConceptList(props: {
  readonly concepts: readonly string[];
  readonly onChange: (concepts: readonly string[]) => void;
}) {
  const texts = useTexts();
  const [draft, setDraft] = useState<string>();
  const [error, setError] = useState<string>();
  const text = draft ?? props.concepts.join('\n');
  const write = (next: string | undefined): void => {
    setDraft(next);
    setError(undefined);
  };
  const open = async (file: File): Promise<void> => {
    const read = file.size > LARGEST ? '\0' : await file.text();
    if (read.includes('\0')) setError(texts.parts.listUnread({ name: file.name }));
    else write(read);
  };
  return (
    <Disclosure summary={texts.parts.paste}>
      <Field label={texts.parts.paste} hint={texts.parts.pasteHint} error={error}>
        {({ id, ...ids }) => (
          <textarea
            id={id}
            aria-describedby={ids['aria-describedby']}
            className={parts.area}
            lang="en"
            spellCheck={false}
            value={text}
            onChange={({ target }) => write(target.value)}
          />
        )}
      </Field>
      <div className={shell.row}>
        <Button
          onClick={() => {
            const fitted = fitConcepts(splitConcepts(text));
            const refusal = refusalOf(fitted, texts);
            if (refusal) return setError(refusal);
            write(undefined);
            props.onChange(fitted.concepts);
          }}
        >
          {texts.parts.use}
        </Button>
        <label className={styles.opener}>
          <input
            type="file"
            className={styles.file}
            accept=".txt,.csv,text/plain"
            onChange={({ target }) => {
              const file = target.files?.[0];
              if (file) void open(file);
              target.value = '';
            }}
          />
          <span className={styles.open}>{texts.parts.uploadList}</span>
        </label>
      </div>
    </Disclosure>
  );
}
