import { useState } from 'react';
import { useTexts } from '../context.ts';
import { Field } from './field.tsx';

export interface NumberFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: number;
  readonly range: readonly [number, number];
  readonly step?: number;
  /** Called with valid numbers only. */
  readonly onChange: (value: number) => void;
}

/** A number that may be typed through invalid states; what is out of range is said below and not passed on. */
export function NumberField({ label, hint, value, range, step = 1, onChange }: NumberFieldProps) {
  const texts = useTexts();
  const [draft, setDraft] = useState<string>();
  const [low, high] = range;
  const valid = (text: string): boolean => {
    const number = Number(text);
    return text.trim() !== '' && number >= low && number <= high && (step !== 1 || Number.isInteger(number));
  };
  const wrong = draft !== undefined && !valid(draft);
  return (
    <Field label={label} hint={hint} error={wrong ? texts.error.notWhole({ low, high }) : undefined}>
      {(ids) => (
        <input
          {...ids}
          type="number"
          inputMode={step === 1 ? 'numeric' : 'decimal'}
          min={low}
          max={high}
          step={step}
          value={draft ?? value}
          onChange={({ target }) => {
            setDraft(target.value);
            if (valid(target.value)) onChange(Number(target.value));
          }}
          onBlur={() => setDraft(undefined)}
        />
      )}
    </Field>
  );
}
