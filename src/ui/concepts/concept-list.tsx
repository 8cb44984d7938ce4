import { useState } from 'react';
import { cleanConcepts } from '../../state/address.ts';
import { useTexts } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Disclosure } from '../controls/disclosure.tsx';
import { Field } from '../controls/field.tsx';
import shell from '../shell/shell.module.css';
import styles from './concepts.module.css';
import parts from './parts.module.css';

/** A whole list of words or sentences at once: pasted, or from a text file. */
export function ConceptList(props: {
  readonly concepts: readonly string[];
  readonly onChange: (concepts: readonly string[]) => void;
}) {
  const texts = useTexts();
  const [draft, setDraft] = useState<string>();
  const text = draft ?? props.concepts.join('\n');
  return (
    <Disclosure summary={texts.parts.paste}>
      <Field label={texts.parts.paste} hint={texts.parts.pasteHint}>
        {({ id, ...ids }) => (
          <textarea
            id={id}
            aria-describedby={ids['aria-describedby']}
            className={parts.area}
            lang="en"
            spellCheck={false}
            value={text}
            onChange={({ target }) => setDraft(target.value)}
          />
        )}
      </Field>
      <div className={shell.row}>
        <Button
          onClick={() => {
            props.onChange(cleanConcepts(text.split(/[\n,;\t]/)));
            setDraft(undefined);
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
              if (file) void file.text().then(setDraft);
              target.value = '';
            }}
          />
          <span className={styles.open}>{texts.parts.uploadList}</span>
        </label>
      </div>
    </Disclosure>
  );
}
