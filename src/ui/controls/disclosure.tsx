import { type ReactNode, useState } from 'react';
import styles from './controls.module.css';

export function Disclosure(props: {
  readonly summary: string;
  readonly open?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <details className={styles.disclosure} open={props.open}>
      <summary>{props.summary}</summary>
      <div>{props.children}</div>
    </details>
  );
}

/** A disclosure whose content is made only once it is opened: for what costs time to draw. */
export function LazyDisclosure(props: { readonly summary: string; readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className={styles.disclosure}
      open={open}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{props.summary}</summary>
      {open && <div>{props.children}</div>}
    </details>
  );
}
