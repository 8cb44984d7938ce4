import { cleanText, type Picture } from '../../state/address.ts';
import { generativeModel, questionOf } from '../../state/concept-runs.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import { ConceptEditor } from './concept-editor.tsx';
import { JobState } from './job-state.tsx';
import { PictureChooser } from './picture-chooser.tsx';

/** Left of the answer: the picture, the question, the concepts to look for. */
export function AnswerInput() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { prompt, concepts, image } = useAddress((address) => address.concepts);
  const asked = useAddress((address) => address.ask.model);
  const [draft, setDraft] = useDraft(questionOf(prompt));
  const run = useRun('readAnswer');
  const ask = (fields: { readonly concepts?: readonly string[]; readonly image?: Picture } = {}): void => {
    vitrine.change('concepts', { prompt: cleanText(draft), cell: '', ...fields }, 'push');
    vitrine.run();
  };
  return (
    <>
      <p className={shell.lead}>{texts.parts.answerLead}</p>
      <PictureChooser image={image} onChoose={(next) => ask({ image: next })} />
      <form
        noValidate
        className={shell.group}
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <Field label={texts.parts.question} hint={texts.parts.questionHint}>
          {(ids) => (
            <input
              {...ids}
              value={draft}
              maxLength={120}
              lang="en"
              autoComplete="off"
              onChange={({ target }) => setDraft(target.value)}
            />
          )}
        </Field>
        {run.status !== 'running' && (
          <Button type="submit" look="primary" disabled={generativeModel(asked) === undefined}>
            {texts.parts.askIt}
          </Button>
        )}
        <JobState
          run={run}
          describe={(done, total) => texts.parts.embedding({ done, total })}
          onCancel={vitrine.runs.readAnswer.cancel}
        />
      </form>
      <ConceptEditor concepts={concepts} onChange={(next) => ask({ concepts: next })} />
    </>
  );
}
