import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { FetchProgress, ModelPlan, PlanParams } from '../../protocol/library.ts';
import { PREPARATIONS, type Preparation } from '../../protocol/library.ts';
import { bytesHere } from '../../state/library.ts';
import type { Texts } from '../../text/texts.ts';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Disclosure } from '../controls/disclosure.tsx';
import { Message } from '../controls/message.tsx';
import { Select } from '../controls/select.tsx';
import { wordFailure } from '../failure.tsx';
import { bytesIn, megabytes, seconds } from '../figures.ts';
import shell from '../shell/shell.module.css';
import { LookInside } from './look-inside.tsx';
import styles from './models.module.css';

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
          <Bar plan={opening.plan} progress={opening.progress} />
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
          <Standing plan={opening.plan} progress={opening.progress} />
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

function Price({ params, plan }: { readonly params: PlanParams; readonly plan: ModelPlan }) {
  const texts = useTexts();
  const { library } = useVitrine();
  const { models } = texts;
  const own = params.place.kind === 'files';
  const kept = plan.totalBytes - plan.missingBytes;
  const amount = megabytes(plan.missingBytes);
  const facts = [
    plan.missingBytes === 0
      ? models.nothingMissing
      : own
        ? models.copied({ megabytes: amount })
        : models.missing({ megabytes: amount, host: plan.host }),
    kept > 0 && plan.missingBytes > 0 && models.partlyKept({ megabytes: megabytes(kept) }),
    [
      plan.keeping === 'disk' ? models.keepingDisk : models.keepingMemory,
      ...(plan.freeBytes === undefined ? [] : [models.free({ size: bytesIn(plan.freeBytes) })]),
    ].join(' · '),
    params.place.kind === 'hub' &&
      (plan.licence === '' ? models.noLicence : models.licence({ name: plan.licence })),
    models.needs({ size: bytesIn(plan.memoryNeed) }),
    plan.revision !== '' && models.revision({ commit: plan.revision.slice(0, 12) }),
  ].filter((fact) => fact !== false);
  const choose = (precision: string, preparation: Preparation): void =>
    void library.ask({ ...params, precision, preparation });
  return (
    <>
      <h2 className={styles.title}>{plan.title}</h2>
      <p className={shell.small}>{models[`family_${plan.family}`]}</p>
      <ul className={styles.facts}>
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      {plan.precisions.length > 1 && (
        <Select
          label={models.precision}
          value={plan.precision}
          hint={models[`precision_${plan.precisionReason}`]}
          options={plan.precisions.map((value) => ({ value, label: value }))}
          onChange={(value) => choose(value, params.preparation)}
        />
      )}
      {plan.precisionReason === 'tight' && (
        <Message tone="caution">
          {models.tight({ need: bytesIn(plan.memoryNeed), room: bytesIn(plan.memoryRoom) })}
        </Message>
      )}
      {plan.preparation !== 'read' && (
        <Select
          label={models.preparation}
          hint={models.preparationHint}
          value={plan.preparation}
          options={PREPARATIONS.filter((value) => value !== 'read').map((value) => ({
            value,
            label: models[`prepare_${value}`],
          }))}
          onChange={(value) => choose(plan.precision, value as Preparation)}
        />
      )}
      <Disclosure summary={models.fileList}>
        <FileList plan={plan} />
      </Disclosure>
      <div className={shell.row}>
        <Button look="primary" onClick={() => void library.start()}>
          {plan.missingBytes === 0 ? models.openKept : own ? models.copy : models.open}
        </Button>
        <Dismiss label={models.dismiss} />
      </div>
    </>
  );
}

function FileList({ plan }: { readonly plan: ModelPlan }) {
  const { models } = useTexts();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{models.file}</th>
          <th scope="col" className={styles.number}>
            {models.fileSize}
          </th>
        </tr>
      </thead>
      <tbody>
        {plan.files.map(({ path, bytes }) => (
          <tr key={path}>
            <td className={styles.name}>{path}</td>
            <td className={styles.number}>{bytesIn(bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Bar({ plan, progress }: { readonly plan: ModelPlan; readonly progress: FetchProgress | undefined }) {
  const texts = useTexts();
  const { models } = texts;
  const done = progress?.done ?? 0;
  const total = progress?.total ?? plan.totalBytes;
  const share = total > 0 ? Math.round((100 * done) / total) : 0;
  const amount = models.amount({ done: megabytes(done), total: megabytes(total) });
  return (
    <div className={styles.progress}>
      <div
        className={styles.track}
        role="progressbar"
        aria-label={amount}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share}
      >
        <div style={{ width: `${share}%` }} />
      </div>
      <p className={styles.figures}>
        <span>{amount}</span>
        {progress?.bytesPerSecond !== undefined && (
          <span>{models.speed({ value: megabytes(progress.bytesPerSecond) })}</span>
        )}
        {progress?.leftMs !== undefined && (
          <span>{models.left({ time: duration(progress.leftMs, texts) })}</span>
        )}
      </p>
      <p className={shell.small}>{progress?.path}</p>
      {progress?.restarted && <p className={shell.small}>{models.restarted}</p>}
    </div>
  );
}

/** What has come, without a speed: nothing moves. After a reload only the kept files tell. */
function Standing({
  plan,
  progress,
}: {
  readonly plan: ModelPlan;
  readonly progress: FetchProgress | undefined;
}) {
  const kept = useStore(useVitrine().library.kept);
  if (!progress && !kept) return null;
  const done = progress?.done ?? bytesHere(plan, kept);
  return <Bar plan={plan} progress={{ done, total: plan.totalBytes, elapsedMs: 0, phase: 'run' }} />;
}

function Dismiss({ label }: { readonly label: string }) {
  const { library } = useVitrine();
  return (
    <Button look="quiet" onClick={library.dismiss}>
      {label}
    </Button>
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

function duration(ms: number, { models }: Texts): string {
  return ms < 90_000
    ? models.seconds({ value: seconds(ms) })
    : models.minutes({ value: String(Math.round(ms / 60_000)) });
}

function hostOf({ place }: PlanParams, { models }: Texts): string {
  if (place.kind === 'files') return models.fileList;
  return new URL(place.kind === 'hub' ? place.base : place.url).host;
}
