import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { ModelPlan, PlanParams } from '../../protocol/library.ts';
import type { Texts } from '../../text/texts.ts';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Message } from '../controls/message.tsx';
import { wordFailure } from '../failure.tsx';
import shell from '../shell/shell.module.css';
import { Dismiss } from './dismiss.tsx';
import { LookInside } from './look-inside.tsx';
import styles from './models.module.css';
import { Price } from './price.tsx';
import { Standing, TransferBar } from './transfer-bar.tsx';

/** Opening a model: asked, told, on its way, paused, here. Nothing while nothing is being opened. */
export function OpeningCard() {
  const texts = useTexts();
  const { library } = useVitrine();
  const opening = useStore(library.opening);
  const { models } = texts;
  const place = useRef<HTMLElement>(null);
  const idle = opening.status === 'idle';
  // On a phone the card comes below the form that asked for it.
  useEffect(() => {
    if (!idle) place.current?.scrollIntoView({ block: 'nearest' });
  }, [idle]);
  if (opening.status === 'idle') return null;
  return (
    <section ref={place} className={styles.card} aria-label={models.price} aria-live="polite">
      {opening.status === 'asking' && (
        <>
          <p>{models.asking({ host: hostOf(opening.params, texts) })}</p>
          <Dismiss label={texts.run.cancel} />
        </>
      )}
      {opening.status === 'refused' && (
        <>
          <Message tone="error">{wordFailure(opening.failure, texts)}</Message>
          <div className={shell.row}>
            <Button onClick={() => void library.ask(opening.params)}>{texts.run.again}</Button>
            <Dismiss label={models.dismiss} />
          </div>
        </>
      )}
      {opening.status === 'told' && <Price params={opening.params} plan={opening.plan} />}
      {opening.status === 'fetching' && (
        <>
          <h2 className={styles.title}>{models.fetching({ title: opening.plan.title })}</h2>
          <TransferBar plan={opening.plan} progress={opening.progress} />
          <div className={shell.row}>
            <Button onClick={library.pause}>{models.pause}</Button>
            <Stop plan={opening.plan} />
          </div>
        </>
      )}
      {opening.status === 'paused' && (
        <>
          <h2 className={styles.title}>{models.paused({ title: opening.plan.title })}</h2>
          {opening.failure && <Message tone="error">{wordFailure(opening.failure, texts)}</Message>}
          {/* A full disk may have dropped what was already written: only the kept files tell. */}
          <Standing
            plan={opening.plan}
            progress={opening.failure?.code === 'quota' ? undefined : opening.progress}
          />
          <p className={shell.small}>{models.pausedHint}</p>
          <div className={shell.row}>
            <Button look="primary" onClick={() => void library.start()}>
              {models.resume}
            </Button>
            <Stop plan={opening.plan} />
          </div>
        </>
      )}
      {opening.status === 'opened' && (
        <>
          <h2 className={styles.title}>{models.opened({ title: opening.model.title })}</h2>
          <div className={shell.row}>
            <LookInside
              id={opening.model.id}
              title={opening.model.title}
              family={opening.model.family}
              primary
            />
            <Dismiss label={models.dismiss} />
          </div>
        </>
      )}
    </section>
  );
}

/** Gives the transfer up, and what has come of it. */
function Stop({ plan }: { readonly plan: ModelPlan }) {
  const texts = useTexts();
  const { library } = useVitrine();
  const stop = async (): Promise<void> => {
    library.dismiss();
    await library.refresh();
    const partial = library.kept.getState()?.partial ?? [];
    const paths = new Set(plan.files.map(({ path }) => path));
    for (const { key, path } of partial) if (paths.has(path)) await library.remove(key);
  };
  return (
    <Button look="quiet" onClick={() => void stop()}>
      {texts.models.cancel}
    </Button>
  );
}

function hostOf({ place }: PlanParams, { models }: Texts): string {
  if (place.kind === 'files') return models.fileList;
  return new URL(place.kind === 'hub' ? place.base : place.url).host;
}
