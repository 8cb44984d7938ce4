import { useMemo, useState } from 'react';
import { categoryColour } from '../../charts/category.ts';
import { DistributionChart } from '../../charts/distribution-chart.tsx';
import { StackedBars } from '../../charts/stacked-bars.tsx';
import type { DissectionRow, UnitFigures, UnitSentence } from '../../protocol/dissection.ts';
import { shownOf } from '../../state/run.ts';
import { useLanguage, useRun, useTexts } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Disclosure } from '../controls/disclosure.tsx';
import { overlap, share, times } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { categoryName } from './category-name.ts';
import styles from './neurons.module.css';
import { wordSentence } from './sentence.ts';

/** The unit in words, how well these foretell its firing, and what they rest on. */
export function UnitSentenceView({ sentence }: { readonly sentence: UnitSentence }) {
  const texts = useTexts();
  const language = useLanguage();
  const { neurons } = texts;
  const words = wordSentence(sentence, texts, language);
  if (words === '') return null;
  const conditions = [...sentence.mostly, ...sentence.rarely];
  return (
    <div className={styles.sentence}>
      <p>{words}</p>
      <p className={shell.small}>
        {Number.isNaN(sentence.auc)
          ? neurons.sentenceNoScore({ scenes: sentence.heldOut })
          : neurons.sentenceScore({
              auc: sentence.auc.toFixed(2),
              scenes: sentence.heldOut,
              images: sentence.images,
            })}
      </p>
      <Disclosure summary={neurons.sentenceTable}>
        <table className={styles.figures}>
          <thead>
            <tr>
              <th scope="col">{neurons.sentenceThing}</th>
              <th scope="col">{neurons.sentenceShown}</th>
              <th scope="col">{neurons.sentenceRate}</th>
              <th scope="col">{neurons.sentenceOtherwise}</th>
              <th scope="col">{neurons.sentenceOdds}</th>
            </tr>
          </thead>
          <tbody>
            {[...sentence.heads, ...sentence.less].map((each) => (
              <tr key={`${each.category}/${each.concept}`}>
                <th scope="row">{each.concept}</th>
                <td>{each.images}</td>
                <td>{share(each.rate)}</td>
                <td>{Number.isNaN(each.otherwise) ? '–' : share(each.otherwise)}</td>
                <td>{times(each.weight)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className={shell.small}>{neurons.sentenceOddsHint}</p>
        {conditions.length > 0 && (
          <ul className={shell.small}>
            {conditions.map(({ concept, category, share: own, baseline }) => (
              <li key={`${category}/${concept}`}>
                {neurons.sentenceWhy({
                  concept,
                  thing: sentence.heads[0]?.concept ?? '',
                  share: share(own),
                  baseline: share(baseline),
                })}
              </li>
            ))}
          </ul>
        )}
      </Disclosure>
    </div>
  );
}

/** The figures behind a unit's row. */
export function UnitFiguresView(props: { readonly row: DissectionRow; readonly figures: UnitFigures }) {
  return (
    <>
      <Distribution row={props.row} figures={props.figures} />
      <Labels row={props.row} figures={props.figures} />
    </>
  );
}

function Distribution(props: { readonly row: DissectionRow; readonly figures: UnitFigures }) {
  const texts = useTexts();
  const { neurons } = texts;
  const { row, figures } = props;
  const run = shownOf(useRun('dissect'));
  return (
    <div className={shell.group}>
      <h3 className={shell.heading}>{neurons.distribution}</h3>
      <DistributionChart
        distribution={figures.distribution}
        colour={categoryColour(row.category)}
        mark={{ value: row.threshold, label: neurons.threshold }}
        texts={{
          label: neurons.distribution,
          inside: neurons.inside({ concept: row.concept }),
          outside: neurons.outside,
          table: neurons.valuesTable,
          from: neurons.from,
        }}
      />
      <p className={shell.small}>{neurons.distributionHint}</p>
      {run && (
        <SaveButtons
          kinds={['png', 'svg', 'csv', 'json']}
          save={async (kind) => {
            const { saveDistribution } = await import('../saving/save-unit.ts');
            await saveDistribution(kind, row, figures.distribution, run, texts);
          }}
        />
      )}
    </div>
  );
}

/** Labels shown at first. */
const FEW = 8;

function Labels(props: { readonly row: DissectionRow; readonly figures: UnitFigures }) {
  const { labels } = props.figures;
  const texts = useTexts();
  const run = shownOf(useRun('dissect'));
  const { neurons } = texts;
  const [all, setAll] = useState(false);
  const rows = useMemo(
    () =>
      (all ? labels : labels.slice(0, FEW)).map(({ concept, category, iou }) => ({
        key: `${category}/${concept}`,
        label: concept,
        parts: [
          {
            key: category,
            label: categoryName(category, texts),
            value: iou,
            colour: categoryColour(category),
          },
        ],
      })),
    [labels, all, texts],
  );
  return (
    <div className={shell.group}>
      <h3 className={shell.heading}>{neurons.allLabels}</h3>
      <StackedBars
        rows={rows}
        texts={{ caption: neurons.allLabels, label: neurons.concept, total: neurons.iou }}
        max={labels[0]?.iou}
        format={overlap}
      />
      {!all && labels.length > FEW && (
        <div>
          <Button look="quiet" onClick={() => setAll(true)}>
            {neurons.moreLabels({ count: labels.length - FEW })}
          </Button>
        </div>
      )}
      {run && labels.length > 0 && (
        <SaveButtons
          kinds={['png', 'svg', 'csv', 'json']}
          save={async (kind) => {
            const { saveLabels } = await import('../saving/save-unit.ts');
            await saveLabels(kind, props.row, labels, run, texts);
          }}
        />
      )}
    </div>
  );
}
