import { LIMITS } from '../state/address.ts';
import { useTexts } from './context.ts';
import { Field } from './controls/field.tsx';
import { usePromptNote } from './use-prompt-note.ts';

/** A prompt being typed: Enter runs it; an empty one, and what the model would not read of it, is said underneath. */
export function PromptField(props: {
  readonly label: string;
  readonly hint?: string;
  readonly model: string;
  readonly draft: string;
  readonly committed: string;
  /** The visitor asked for a run without a prompt. */
  readonly empty: boolean;
  readonly onChange: (draft: string) => void;
  readonly onRun: () => void;
}) {
  const { label, hint, model, draft, committed, empty, onChange, onRun } = props;
  const texts = useTexts();
  const note = usePromptNote(model, draft, committed);
  return (
    <Field label={label} hint={note ?? hint} error={empty ? texts.error.emptyPrompt : undefined}>
      {(ids) => (
        <textarea
          {...ids}
          value={draft}
          maxLength={LIMITS.prompt}
          rows={2}
          lang="en"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => onChange(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            onRun();
          }}
        />
      )}
    </Field>
  );
}
