import type { ReactNode } from 'react';
import type { JobKind } from '../../protocol/jobs.ts';
import type { Run } from '../../state/run.ts';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { FailureMessage } from '../failure.tsx';
import shell from '../shell/shell.module.css';

/** The card of an opened unit, with its title and the way back to the table. */
export function UnitFrame(props: { readonly unit: number; readonly children: ReactNode }) {
  const { neurons, page } = useTexts();
  const vitrine = useVitrine();
  const title = neurons.unitTitle({ unit: props.unit });
  return (
    <section className={shell.group} aria-label={title}>
      <div className={shell.row} style={{ justifyContent: 'space-between' }}>
        <h2 className={shell.lead}>{title}</h2>
        <Button look="quiet" onClick={() => vitrine.change('neurons', { unit: 'none' }, 'push')}>
          {page.close}
        </Button>
      </div>
      {props.children}
    </section>
  );
}

/** What stands for a part of the card until it is there, or why it won't be. */
export function UnitPart<K extends JobKind>({
  run,
  loading,
}: {
  readonly run: Run<K>;
  readonly loading: string;
}) {
  if (run.status === 'running') {
    return (
      <p className={shell.small} role="status">
        {loading}
      </p>
    );
  }
  if (run.status !== 'failed' || run.failure.code === 'cancelled') return null;
  return <FailureMessage failure={run.failure} />;
}
