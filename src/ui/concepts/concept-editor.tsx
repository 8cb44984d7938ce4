import { useState } from 'react';
import { type FittedConcepts, fitConcepts, splitConcepts } from '../../state/concept-list.ts';
import { PRESET_NAMES, PRESETS, type PresetName } from '../../state/presets.ts';
import type { Texts } from '../../text/texts.ts';
import { useTexts } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import shell from '../shell/shell.module.css';
import { ConceptList } from './concept-list.tsx';
import { refusalOf } from './concept-refusal.ts';
import styles from './concepts.module.css';
import { TemplateEditor } from './template-editor.tsx';

/** The words and phrases to compare, as chips: sets to start from, one more by typing, one less by its cross. */
export function ConceptEditor(props: {
  readonly concepts: readonly string[];
  readonly onChange: (concepts: readonly string[]) => void;
  /** Vectors of the text tower come from sentences that can be changed. */
  readonly templates?: boolean;
}) {
  const texts = useTexts();
  const { concepts, onChange } = props;
  const [draft, setDraft] = useState('');
  const [refused, setRefused] = useState<FittedConcepts>();
  const add = (): void => {
    if (draft.trim() === '') return;
    // Several at once, separated by commas, as people paste them. All or nothing, so that none is lost unseen.
    const fitted = fitConcepts([...concepts, ...splitConcepts(draft)]);
    setRefused(fitted);
    if (fitted.refused.length > 0) return;
    setDraft('');
    if (fitted.concepts.length > concepts.length) onChange(fitted.concepts);
  };
  return (
    <div className={shell.group}>
      <h2 className={shell.heading}>{texts.concepts.concepts}</h2>
      <ul className={styles.concepts}>
        {concepts.map((concept) => (
          <li key={concept} className={styles.concept}>
            <span>{concept}</span>
            <button
              type="button"
              aria-label={texts.concepts.remove({ concept })}
              onClick={() => {
                setRefused(undefined);
                onChange(concepts.filter((entry) => entry !== concept));
              }}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <Field label={texts.concepts.addConcept} error={refused && refusalOf(refused, texts)}>
        {(ids) => (
          <div className={styles.adder}>
            <input
              {...ids}
              value={draft}
              lang="en"
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => {
                setDraft(target.value);
                setRefused(undefined);
              }}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
                event.preventDefault();
                add();
              }}
            />
            <Button onClick={add}>{texts.concepts.add}</Button>
          </div>
        )}
      </Field>
      <div className={shell.row}>
        <span className={shell.small}>{texts.concepts.presets}</span>
        {PRESET_NAMES.map((preset) => (
          <Button key={preset} look="quiet" onClick={() => onChange(PRESETS[preset])}>
            {presetName(preset, texts)}
          </Button>
        ))}
      </div>
      <ConceptList concepts={concepts} onChange={onChange} />
      {props.templates && <TemplateEditor example={concepts[0] ?? 'car'} />}
    </div>
  );
}

function presetName(preset: PresetName, texts: Texts): string {
  if (preset === 'colours' || preset === 'objects' || preset === 'places') return texts.concepts[preset];
  return texts.parts[`set_${preset}`];
}
