import { useMemo } from 'react';
import { BarTable } from '../../charts/bar-table.tsx';
import { layoutBars } from '../../charts/bars.ts';
import { wordHeat } from '../../state/ask-heat.ts';
import { useTexts } from '../context.ts';
import { share } from '../figures.ts';
import shell from '../shell/shell.module.css';
import { wordOf } from './answer-words.tsx';
import styles from './ask.module.css';
import { figureOf } from './heat-figure.ts';
import type { Asked } from './use-ask.ts';

/** Under the answer: the words that hang on the clicked patch, and where in depth the word is decided. */
export function WhyStage({ asked }: { readonly asked: Asked }) {
  return (
    <>
      <PatchWords asked={asked} />
      <Lens asked={asked} />
    </>
  );
}

function PatchWords({ asked: { ask, explanation, ablation, choice } }: { readonly asked: Asked }) {
  const texts = useTexts();
  const { patch, method } = ask;
  const bars = useMemo(() => {
    // Without its ablation a word has no figure yet, and zero would be a lie.
    if (patch === 'none' || !explanation || (method === 'ablation' && !ablation)) return [];
    return explanation.tokens.map((token, index) => {
      const map = wordHeat(explanation, ablation, index, method, choice);
      return { key: String(index), label: wordOf(token.text), value: map?.heat.data[patch] ?? 0 };
    });
  }, [patch, explanation, ablation, method, choice]);
  if (patch === 'none' || !explanation || bars.length === 0) return null;
  const width = explanation.gridWidth;
  const unit = method === 'ablation' ? 'nats' : method === 'attribution' ? 'logits' : 'probability';
  const caption = texts.ask.patchWords({ row: Math.floor(patch / width) + 1, column: (patch % width) + 1 });
  return (
    <section className={shell.group} aria-label={caption}>
      <h2 className={shell.heading}>{caption}</h2>
      <BarTable
        layout={layoutBars(bars, { width: 100 }, { order: 'given' })}
        format={(value) => figureOf(value, unit)}
        texts={{ caption, label: texts.ask.candidate, value: texts.ask[`unit_${unit}`] }}
      />
    </section>
  );
}

function Lens({ asked: { token } }: { readonly asked: Asked }) {
  const texts = useTexts();
  if (!token || token.lens.length === 0) return null;
  const word = wordOf(token.text);
  return (
    <section className={shell.group} aria-label={texts.ask.lens}>
      <h2 className={shell.heading}>{texts.ask.lens}</h2>
      <div className={styles.scroll}>
        <table className={styles.lens}>
          <caption className={styles.hidden}>{texts.ask.lens}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.ask.layer}</th>
              <th scope="col">{texts.ask.lensWord({ word })}</th>
              <th scope="col">{texts.ask.lensTop}</th>
            </tr>
          </thead>
          <tbody>
            {token.lens.map(({ probability, top }, depth) => (
              <tr key={depth}>
                <th scope="row">{depth === 0 ? texts.ask.lensStart : depth}</th>
                <td>
                  <span className={styles.bar} aria-hidden="true">
                    <span style={{ width: `${100 * probability}%` }} />
                  </span>
                  {share(probability)}
                </td>
                <td lang="en">
                  {top.map((entry) => (
                    <span key={entry.id} className={styles.top} data-chosen={entry.id === token.id}>
                      {wordOf(entry.text)} {share(entry.probability)}
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
