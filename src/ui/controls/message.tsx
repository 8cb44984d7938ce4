import type { ReactNode } from 'react';
import { useTexts } from '../context.ts';
import styles from './controls.module.css';

/** An error or a caution, beside what it is about. Errors are announced at once. */
export function Message(props: {
  readonly tone: 'error' | 'caution' | 'note';
  readonly children: ReactNode;
  /** The button that leads on, and lists. */
  readonly action?: ReactNode;
}) {
  const texts = useTexts();
  const label = { error: texts.error.label, caution: texts.caution.label, note: undefined }[props.tone];
  return (
    <div className={styles.message} data-tone={props.tone} role={props.tone === 'error' ? 'alert' : 'status'}>
      <p>
        {label !== undefined && <strong>{label} </strong>}
        {props.children}
      </p>
      {props.action}
    </div>
  );
}
