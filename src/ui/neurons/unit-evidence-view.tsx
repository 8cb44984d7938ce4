import { useMemo, useState } from 'react';
import { categoryColour } from '../../charts/category.ts';
import { DistributionChart } from '../../charts/distribution-chart.tsx';
import { StackedBars } from '../../charts/stacked-bars.tsx';
import type { DissectionRow, UnitEvidence } from '../../protocol/dissection.ts';
import { useLanguage, useTexts } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { overlap, share } from '../figures.ts';
import shell from '../shell/shell.module.css';
import { categoryName } from './category-name.ts';
import styles from './neurons.module.css';
import { wordSentence } from './sentence.ts';

/** What is known of a unit beyond its row: its sentence, or the figures behind it. */
export function UnitEvidenceView(props: {
  readonly row: DissectionRow;
  readonly evidence: UnitEvidence;
  readonly part: 'sentence' | 'figures';
}) {
  return props.part === 'sentence' ? (
    <Sentence evidence={props.evidence} />
  ) : (
    <>
      <Distribution row={props.row} evidence={props.evidence} />
      <Labels evidence={props.evidence} />
    </>
  );
}

function Sentence({ evidence: { sentence } }: { readonly evidence: UnitEvidence }) {
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
          : neurons.sentenceScore({ auc: sentence.auc.toFixed(2), scenes: sentence.heldOut })}
      </p>
      {sentence.heads.length + conditions.length > 0 && (
        <ul className={shell.small}>
          {sentence.heads.map(({ concept, category, rate, images }) => (
            <li key={`${category}/${concept}`}>
              {neurons.sentenceHead({ concept, rate: share(rate), images })}
            </li>
          ))}
          {conditions.map(({ concept, category, share: own, baseline }) => (
            <li key={`${category}/${concept}`}>
              {neurons.sentenceWhy({ concept, share: share(own), baseline: share(baseline) })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Distribution(props: { readonly row: DissectionRow; readonly evidence: UnitEvidence }) {
  const texts = useTexts();
  const { neurons } = texts;
  const { row, evidence } = props;
  return (
    <div className={shell.group}>
      <h3 className={shell.heading}>{neurons.distribution}</h3>
      <DistributionChart
        distribution={evidence.distribution}
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
    </div>
  );
}

/** Labels shown at first. */
const FEW = 8;

function Labels({ evidence: { labels } }: { readonly evidence: UnitEvidence }) {
  const texts = useTexts();
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
    </div>
  );
}
