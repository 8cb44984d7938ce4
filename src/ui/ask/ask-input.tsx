import { cleanText } from '../../state/address.ts';
import { ASK_LIMITS } from '../../state/ask-address.ts';
import { AnsweringModel } from '../answering-model.tsx';
import { PictureChooser } from '../concepts/picture-chooser.tsx';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Disclosure } from '../controls/disclosure.tsx';
import { Field } from '../controls/field.tsx';
import { NumberField } from '../controls/number-field.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { Segments } from '../controls/segments.tsx';
import { FailureMessage } from '../failure.tsx';
import { PromptField } from '../prompt-field.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import styles from './ask.module.css';
import { useChange } from './use-ask.ts';

/** Questions of the drawn world, in its words. */
const EXAMPLES = [
  ['what color is the taxi', 'exampleColor'],
  ['what is left of the taxi', 'exampleLeft'],
  ['how many objects are there', 'exampleCount'],
  ['describe the picture', 'exampleDescribe'],
] as const;

/** Left of the ask view: picture, question, how words are chosen. */
export function AskInput() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const change = useChange();
  const committed = useAddress((address) => address.ask);
  const run = useRun('answer');
  const [question, setQuestion] = useDraft(committed.question);
  const [prefix, setPrefix] = useDraft(committed.prefix);
  const ask = (fields: Partial<typeof committed> = {}): void =>
    change({
      question: cleanText(question, ASK_LIMITS.question),
      prefix: cleanText(prefix, ASK_LIMITS.words),
      word: 0,
      ...fields,
    });
  return (
    <>
      <p className={shell.lead}>{texts.ask.lead}</p>
      <PictureChooser
        image={committed.image}
        onChoose={(image) => ask({ image, masked: [], patch: 'none' })}
      />
      <form
        noValidate
        className={shell.group}
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <PromptField
          label={texts.ask.question}
          hint={texts.ask.questionHint}
          model={committed.model}
          draft={question}
          committed={committed.question}
          empty={false}
          onChange={setQuestion}
          onRun={ask}
        />
        {run.status === 'running' ? (
          <ProgressLine
            progress={run.progress}
            describe={({ done }) => texts.ask.token({ done })}
            onCancel={vitrine.runs.answer.cancel}
          />
        ) : (
          <Button type="submit" look="primary">
            {texts.ask.ask}
          </Button>
        )}
        {run.status === 'failed' && <FailureMessage failure={run.failure} />}
        <div className={styles.examples}>
          <span className={shell.small}>{texts.ask.examples}</span>
          {EXAMPLES.map(([text, name]) => (
            <Button key={text} look="quiet" onClick={() => ask({ question: text })}>
              {texts.ask[name]}
            </Button>
          ))}
        </div>
        <Disclosure summary={texts.page.more}>
          <Field label={texts.ask.prefix} hint={texts.ask.prefixHint}>
            {(ids) => (
              <input
                {...ids}
                value={prefix}
                maxLength={ASK_LIMITS.words}
                lang="en"
                autoComplete="off"
                spellCheck={false}
                onChange={({ target }) => setPrefix(target.value)}
              />
            )}
          </Field>
          <Segments
            label={texts.ask.choice}
            value={committed.mode}
            options={[
              { value: 'greedy', label: texts.ask.greedy },
              { value: 'sample', label: texts.ask.sample },
            ]}
            onChange={(mode) => ask({ mode })}
          />
          {committed.mode === 'sample' && (
            <>
              <NumberField
                label={texts.ask.temperature}
                value={committed.temperature}
                range={ASK_LIMITS.temperature}
                step={0.05}
                onChange={(temperature) => ask({ temperature })}
              />
              <NumberField
                label={texts.ask.topP}
                value={committed.topP}
                range={ASK_LIMITS.topP}
                step={0.05}
                onChange={(topP) => ask({ topP })}
              />
              <NumberField
                label={texts.ask.seed}
                value={committed.seed}
                range={[0, 0xffffffff]}
                onChange={(seed) => ask({ seed })}
              />
            </>
          )}
          <AnsweringModel
            value={committed.model}
            onChange={(model) => ask({ model, layer: 'mean', head: 'mean', silenced: [] })}
          />
        </Disclosure>
      </form>
    </>
  );
}
