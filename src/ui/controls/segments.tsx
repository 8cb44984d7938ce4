import { type ReactNode, useId } from 'react';
import styles from './controls.module.css';

export interface SegmentsProps<T extends string> {
  /** Read aloud, not shown: the choices say enough. */
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    /** Drawn instead of the label, which is then read aloud and shown on hover. */
    readonly icon?: ReactNode;
    readonly disabled?: boolean;
    readonly title?: string | undefined;
  }[];
  readonly onChange: (value: T) => void;
}

/** A few choices side by side: radio buttons, so that arrow keys work without a line of code. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  const name = useId();
  return (
    <fieldset className={styles.segments}>
      <legend className={styles.hidden}>{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          title={option.title ?? (option.icon === undefined ? undefined : option.label)}
        >
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            aria-label={option.label}
            disabled={option.disabled ?? false}
            onChange={() => onChange(option.value)}
          />
          <span>{option.icon ?? option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
