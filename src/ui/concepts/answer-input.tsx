import { cleanText, type Picture } from '../../state/address.ts';
import { ASK_LIMITS } from '../../state/ask-address.ts';
import { generativeModel } from '../../state/concept-runs.ts';
import { PRESETS } from '../../state/presets.ts';
import { AnsweringModel } from '../answering-model.tsx';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import { Select } from '../controls/select.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import { ConceptEditor } from './concept-editor.tsx';
import { JobState } from './job-state.tsx';
import { PictureChooser } from './picture-chooser.tsx';

interface Asked {
  readonly concepts?: readonly string[];
  readonly image?: Picture;
  readonly repaint?: string;
  readonly answerModel?: string;
}

/** Left of the answer: the picture, the question, how the answer begins, the model, the concepts to look for. */
export function AnswerInput() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { question, prefix, repaint, concepts, image, answerModel } = useAddress(
    (address) => address.concepts,
  );
  const [draft, setDraft] = useDraft(question);
  const [begin, setBegin] = useDraft(prefix);
  const run = useRun('readAnswer');
  const ask = (fields: Asked = {}): void => {
    const written = cleanText(draft, ASK_LIMITS.question);
    const started = cleanText(begin, ASK_LIMITS.words);
    vitrine.change('concepts', { question: written, prefix: started, cell: '', ...fields }, 'push');
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
              maxLength={ASK_LIMITS.question}
              lang="en"
              autoComplete="off"
              onChange={({ target }) => setDraft(target.value)}
            />
          )}
        </Field>
        <Field label={texts.parts.prefix} hint={texts.parts.prefixHint}>
          {(ids) => (
            <input
              {...ids}
              value={begin}
              maxLength={ASK_LIMITS.words}
              lang="en"
              autoComplete="off"
              onChange={({ target }) => setBegin(target.value)}
            />
          )}
        </Field>
        {image.kind === 'scene' && (
          <Select
            label={texts.parts.repaint}
            hint={texts.parts.repaintHint}
            value={repaint}
            options={[
              { value: '', label: texts.parts.repaintNone },
              ...PRESETS.colours.map((color) => ({ value: color, label: color })),
            ]}
            onChange={(color) => ask({ repaint: color })}
          />
        )}
        {run.status !== 'running' && (
          <Button type="submit" look="primary" disabled={generativeModel(answerModel) === undefined}>
            {texts.parts.askIt}
          </Button>
        )}
        <JobState
          run={run}
          describe={(done, total) => texts.parts.embedding({ done, total })}
          onCancel={vitrine.runs.readAnswer.cancel}
        />
        <AnsweringModel value={answerModel} onChange={(model) => ask({ answerModel: model })} />
      </form>
      <ConceptEditor concepts={concepts} onChange={(next) => ask({ concepts: next })} />
    </>
  );
}
