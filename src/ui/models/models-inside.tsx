import { useStore } from 'zustand';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { bytesIn, megabytes } from '../figures.ts';
import shell from '../shell/shell.module.css';
import styles from './models.module.css';
import { useMemory } from './use-memory.ts';

/** Right of the models view: what this browser holds, on its disk and in memory. */
export function ModelsInside() {
  const texts = useTexts();
  const { library } = useVitrine();
  const kept = useStore(library.kept);
  const memory = useMemory(kept);
  const machine = useStore(useVitrine().engine.store, ({ info }) => info?.memoryBytes);
  const { models } = texts;
  if (!kept) return <p className={shell.small}>{texts.status.starting}</p>;
  const { usedBytes, freeBytes, partial, heldBytes, sessions } = kept;
  return (
    <>
      <section className={shell.group}>
        <h2 className={shell.heading}>{models.kept}</h2>
        <ul className={styles.facts}>
          <li>{usedBytes === 0 ? models.nothingKept : models.used({ megabytes: megabytes(usedBytes) })}</li>
          {freeBytes !== undefined && <li>{models.free({ size: bytesIn(freeBytes) })}</li>}
          <li>{kept.keeping === 'disk' ? models.keepingDisk : models.keepingMemory}</li>
        </ul>
        {partial.length > 0 && (
          <>
            <p className={shell.small}>{models.partial}</p>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{models.file}</th>
                  <th scope="col" aria-label={models.remove} />
                </tr>
              </thead>
              <tbody>
                {partial.map(({ key, path, bytes }) => (
                  <tr key={key}>
                    <td>
                      <span className={styles.name}>{path}</span>
                      <span className={styles.origin}>{bytesIn(bytes)}</span>
                    </td>
                    <td className={styles.acts}>
                      <Button
                        look="quiet"
                        aria-label={models.removeOf({ title: path })}
                        onClick={() => void library.remove(key)}
                      >
                        {models.remove}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
        {usedBytes > 0 && (
          <div>
            <Button onClick={() => void library.remove('')}>{models.removeAll}</Button>
          </div>
        )}
      </section>
      <section className={shell.group}>
        <h2 className={shell.heading}>{models.memory}</h2>
        <ul className={styles.facts}>
          <li>
            {memory.status === 'known'
              ? models.tab({ megabytes: megabytes(memory.bytes) })
              : models[`tab_${memory.status}`]}
          </li>
          <li>{models.held({ megabytes: megabytes(heldBytes) })}</li>
          <li>{models.sessions({ count: sessions.length })}</li>
          {machine !== undefined && <li>{models.machine({ size: bytesIn(machine) })}</li>}
        </ul>
        <p className={shell.small}>{models.idle}</p>
        <div className={styles.acts}>
          <Button look="quiet" onClick={() => void library.refresh()}>
            {models.list}
          </Button>
        </div>
      </section>
    </>
  );
}
