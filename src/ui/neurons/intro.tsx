import type { ReactNode } from 'react';
import styles from './neurons.module.css';

/** What stands in the middle until there is something to see. */
export function Intro(props: {
  readonly lead: string;
  readonly next: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className={styles.intro}>
      <p>{props.lead}</p>
      <p>{props.next}</p>
      {props.children}
    </div>
  );
}
