import { useState } from 'react';
import { cleanText } from '../../state/address.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { Select } from '../controls/select.tsx';
import { PromptField } from '../prompt-field.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import { useModels } from '../use-models.ts';
import { ConceptEditor } from './concept-editor.tsx';
import { PictureChooser } from './picture-chooser.tsx';

/** Left of the concepts view: picture, prompt, concepts. A chosen picture or set is explained at once, typed text on Enter. */
export function ConceptsInput() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const committed = useAddress((address) => address.concepts);
  const run = useRun('explain');
  const [prompt, setPrompt] = useDraft(committed.prompt);
  const [empty, setEmpty] = useState(false);
  const models = useModels(committed.model, 'contrastive');

  const explain = (fields: Partial<typeof committed> = {}): void => {
    const clean = cleanText(prompt);
    const concepts = fields.concepts ?? committed.concepts;
    setEmpty(clean === '' && concepts.length === 0);
    if (clean === '' && concepts.length === 0) return;
    vitrine.change('concepts', { prompt: clean, ...fields }, 'push');
    vitrine.run();
  };

  return (
    <>
      <p className={shell.lead}>{texts.concepts.lead}</p>
      <PictureChooser image={committed.image} onChoose={(image) => explain({ image })} />
      <form
        noValidate
        className={shell.group}
        onSubmit={(event) => {
          event.preventDefault();
          explain();
        }}
      >
        <PromptField
          label={texts.concepts.prompt}
          model={committed.model}
          draft={prompt}
          committed={committed.prompt}
          empty={empty}
          onChange={(draft) => {
            setPrompt(draft);
            setEmpty(false);
          }}
          onRun={explain}
        />
        {run.status === 'running' ? (
          <ProgressLine
            progress={run.progress}
            describe={({ done, total }) => texts.run.step({ done, total })}
            onCancel={vitrine.runs.explain.cancel}
          />
        ) : (
          <Button type="submit" look="primary">
            {texts.concepts.explain}
          </Button>
        )}
        {models.length > 1 && (
          <Select
            label={texts.attention.model}
            value={committed.model}
            options={models}
            onChange={(model) => explain({ model })}
          />
        )}
      </form>
      <ConceptEditor templates concepts={committed.concepts} onChange={(concepts) => explain({ concepts })} />
    </>
  );
}
