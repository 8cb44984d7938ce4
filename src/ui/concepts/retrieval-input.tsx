import { cleanText } from '../../state/address.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Check } from '../controls/check.tsx';
import { PromptField } from '../prompt-field.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import { ConceptEditor } from './concept-editor.tsx';
import { ShelfChooser } from './shelf-chooser.tsx';

/** Left of retrieval: the words to search with, and the pictures to search. */
export function RetrievalInput() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { prompt, model, centred, concepts } = useAddress((address) => address.concepts);
  const [draft, setDraft] = useDraft(prompt);
  const search = (): void => {
    const clean = cleanText(draft);
    if (clean !== '') vitrine.change('concepts', { prompt: clean }, 'push');
  };
  return (
    <>
      <p className={shell.lead}>{texts.parts.retrievalLead}</p>
      <form
        noValidate
        className={shell.group}
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <PromptField
          label={texts.parts.query}
          model={model}
          draft={draft}
          committed={prompt}
          empty={false}
          onChange={setDraft}
          onRun={search}
        />
        <Button type="submit" look="primary">
          {texts.parts.search}
        </Button>
        <Check
          label={texts.parts.centre}
          checked={centred}
          onChange={(value) => vitrine.change('concepts', { centred: value }, 'push')}
        />
      </form>
      <ShelfChooser />
      <ConceptEditor
        templates
        concepts={concepts}
        onChange={(next) => vitrine.change('concepts', { concepts: next }, 'push')}
      />
    </>
  );
}
