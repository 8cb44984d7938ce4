import { useId } from 'react';
import styles from './controls.module.css';

export interface RangeProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** How the value is written. */
  readonly format: (value: number) => string;
  readonly onChange: (value: number) => void;
}

export function Range({ label, value, min, max, step, format, onChange }: RangeProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <div className={styles.rangeHead}>
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
        <output className={styles.label} htmlFor={id}>
          {format(value)}
        </output>
      </div>
      <input
        id={id}
        type="range"
        className={styles.range}
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={format(value)}
        onChange={({ target }) => onChange(Number(target.value))}
      />
    </div>
  );
}
