import { useMemo } from 'react';
import { boundHeads, wordFigures } from '../../../state/inside.ts';
import { useTexts, useVitrine } from '../../context.ts';
import { Disclosure } from '../../controls/disclosure.tsx';
import { cosine, probability } from '../../figures.ts';
import shell from '../../shell/shell.module.css';
import { siteLabel } from '../../site-label.ts';
import type { Shown } from '../use-attention.ts';
import styles from './inside.module.css';

/** Mean, peak and entropy of every word, beside what a flat map would have. */
export function WordFigures({ shown }: { readonly shown: Shown }) {
  const { inside, attention } = useTexts();
  const { heats } = shown;
  const rows = useMemo(() => (heats ? wordFigures(heats) : []), [heats]);
  if (!heats) return null;
  return (
    <Disclosure summary={inside.figures}>
      <table className={styles.figures}>
        <thead>
          <tr>
            <th scope="col">{inside.word}</th>
            <th scope="col">{inside.mean}</th>
            <th scope="col">{inside.peakColumn}</th>
            <th scope="col">{inside.entropy}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ chip, mean, peak, spread }) => (
            <tr key={chip.key}>
              <th scope="row">{chip.text}</th>
              <td>{probability(mean)}</td>
              <td>{probability(peak)}</td>
              <td>{probability(spread)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{attention.uniformName}</th>
            <td>{probability(heats.uniform)}</td>
            <td>{probability(heats.uniform)}</td>
            <td>{probability(1)}</td>
          </tr>
        </tbody>
      </table>
      <p className={shell.small}>{inside.entropyHint}</p>
    </Disclosure>
  );
}

/** The heads in which the last two lit words look at the same place; a click shows that head. */
export function BoundHeads({ shown }: { readonly shown: Shown }) {
  const texts = useTexts();
  const { inside, attention } = texts;
  const vitrine = useVitrine();
  const { finished, lit } = shown;
  const result = finished?.result;
  const [first, second] = lit.filter(({ probe }) => !probe).slice(-2);
  const found = useMemo(
    () => (result && first && second ? boundHeads(result, first, second) : undefined),
    [result, first, second],
  );
  return (
    <Disclosure summary={inside.binding}>
      {found && first && second ? (
        <>
          <p className={shell.small}>{inside.bindingHint({ first: first.text, second: second.text })}</p>
          <ol className={styles.bars}>
            {found.best.map(({ site, head, correlation }) => (
              <li key={`${site} ${head}`}>
                <button
                  type="button"
                  onClick={() => vitrine.change('attention', { layer: site, head }, 'push')}
                >
                  <span>
                    {siteLabel(site, texts)} · {attention.headNumber({ number: head + 1 })}
                  </span>
                  <span className={styles.track} aria-hidden="true">
                    <span style={{ width: `${100 * Math.max(0, correlation)}%` }} />
                  </span>
                  <span>{cosine(correlation)}</span>
                </button>
              </li>
            ))}
          </ol>
          <p className={shell.small}>{inside.bindingMean({ value: cosine(found.mean) })}</p>
        </>
      ) : (
        <p className={shell.small}>{inside.bindingNone}</p>
      )}
    </Disclosure>
  );
}
