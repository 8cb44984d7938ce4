import { useStore } from 'zustand';
import type { ModelFamily } from '../../protocol/library.ts';
import { HUB_CATALOGUE } from '../../state/hub-catalogue.ts';
import { MODELS } from '../../state/models.ts';
import { readPlace } from '../../state/place.ts';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { FailureMessage } from '../failure.tsx';
import { megabytes } from '../figures.ts';
import shell from '../shell/shell.module.css';
import { LookInside } from './look-inside.tsx';
import styles from './models.module.css';
import { OpeningCard } from './opening-card.tsx';
import { useHub } from './use-hub.ts';

/** Middle of the models view: what is being opened, what is here, what could be opened. */
export function ModelsStage() {
  const failure = useStore(useVitrine().library.failure);
  return (
    <>
      {failure && <FailureMessage failure={failure} />}
      <OpeningCard />
      <Available />
      <Catalogue />
    </>
  );
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly family: ModelFamily;
  readonly bytes: number;
  readonly origin: string;
  readonly own: boolean;
}

function Available() {
  const texts = useTexts();
  const { library } = useVitrine();
  const kept = useStore(library.kept)?.models ?? [];
  const { models } = texts;
  const rows: readonly Row[] = [
    ...MODELS.map(({ id, title, family, bytes }) => ({
      id,
      title,
      family,
      bytes,
      origin: models.embedded,
      own: false,
    })),
    ...kept.map(({ id, title, family, files, origin, precision, licence }) => ({
      id,
      title,
      family,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      origin: [origin.replace(/^https?:\/\//, ''), precision, licence]
        .filter((part) => part !== '')
        .join(' · '),
      own: true,
    })),
  ];
  return (
    <section className={styles.list}>
      <h2 className={shell.heading}>{models.available}</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{models.name}</th>
            <th scope="col" className={styles.number}>
              {models.size}
            </th>
            <th scope="col">{models.look}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, title, family, bytes, origin, own }) => (
            <tr key={id}>
              <td>
                <span className={styles.name}>{title}</span>
                <span className={styles.origin}>{`${models[`family_${family}`]} · ${origin}`}</span>
              </td>
              <td className={styles.number}>{megabytes(bytes)}</td>
              <td className={styles.acts}>
                <LookInside id={id} title={title} family={family} />
                {own && (
                  <Button
                    look="quiet"
                    aria-label={models.removeOf({ title })}
                    onClick={() => void library.remove(id)}
                  >
                    {models.remove}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Catalogue() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const hub = useHub();
  const { models } = texts;
  return (
    <section className={styles.list}>
      <h2 className={shell.heading}>{models.catalogue}</h2>
      <p className={shell.small}>{models.catalogueHint}</p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{models.name}</th>
            <th scope="col">{models.price}</th>
          </tr>
        </thead>
        <tbody>
          {HUB_CATALOGUE.map(({ id, family, twin }) => (
            <tr key={id}>
              <td>
                <span className={styles.name}>{id}</span>
                <span className={styles.origin}>
                  {`${models[`family_${family}`]} · ${models.twinOf({ name: twin })}`}
                </span>
              </td>
              <td className={styles.acts}>
                <Button
                  look="quiet"
                  aria-label={models.askOf({ title: id })}
                  onClick={() => {
                    const place = readPlace(id, hub.base, hub.token);
                    vitrine.change('models', { open: id }, 'push');
                    if (place) void vitrine.library.ask({ place, precision: '', preparation: 'read' });
                    document.getElementById('exhibit')?.scrollIntoView();
                  }}
                >
                  {models.ask}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
