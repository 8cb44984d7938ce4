import type { ReactNode } from 'react';
import { useTexts } from '../context.ts';
import styles from './shell.module.css';

/** The frame of every view: what goes in, the exhibit, what is inside. */
export function View(props: {
  readonly input: ReactNode;
  readonly stage: ReactNode;
  readonly inside: ReactNode;
}) {
  const texts = useTexts();
  return (
    <div className={styles.view}>
      <section className={styles.side} aria-label={texts.page.goesIn}>
        {props.input}
      </section>
      <section className={styles.stage} aria-label={texts.page.exhibit} id="exhibit" tabIndex={-1}>
        {props.stage}
      </section>
      <section className={styles.side} aria-label={texts.page.isInside}>
        {props.inside}
      </section>
    </div>
  );
}
