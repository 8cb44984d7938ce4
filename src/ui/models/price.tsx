import type { ModelPlan, PlanParams } from '../../protocol/library.ts';
import { PREPARATIONS, type Preparation } from '../../protocol/library.ts';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Disclosure } from '../controls/disclosure.tsx';
import { Message } from '../controls/message.tsx';
import { Select } from '../controls/select.tsx';
import { bytesIn, megabytes } from '../figures.ts';
import shell from '../shell/shell.module.css';
import { Dismiss } from './dismiss.tsx';
import styles from './models.module.css';

/** What opening a model would cost, before anything of it is fetched; the choices that change it. */
export function Price({ params, plan }: { readonly params: PlanParams; readonly plan: ModelPlan }) {
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
