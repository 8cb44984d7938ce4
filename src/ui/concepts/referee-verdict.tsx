import { ProbabilityBars } from '../../charts/probability-bars.tsx';
import { useTexts } from '../context.ts';
import { share } from '../figures.ts';
import shell from '../shell/shell.module.css';
import styles from './parts.module.css';

/** What a referee found: the probability before and after, where that lies among matched directions, and what other concepts' directions do. */
export function RefereeVerdict(props: {
  /** What the probability is of. */
  readonly watched: string;
  readonly before: number;
  readonly after: number;
  readonly matched: readonly number[];
  /** 0 to 1. */
  readonly percentile: number;
  /** The concept whose direction was changed, all of them, and the probability after each. */
  readonly concept: string;
  readonly concepts: readonly string[];
  readonly others: readonly number[];
}) {
  const texts = useTexts();
  const { watched, before, after, matched, percentile, concept, concepts, others } = props;
  const sorted = [...matched].sort((a, b) => a - b);
  const bars = concepts.map((label, index) => ({ key: label, label, probability: others[index]! }));
  return (
    <>
      <p>
        <strong>
          {texts.parts.verdict({ concept: watched, before: share(before), after: share(after) })}
        </strong>
      </p>
      <p className={shell.small}>
        {texts.parts.percentile({ value: String(Math.round(100 * percentile)) })}{' '}
        {texts.parts.matchedBand({ low: share(sorted[2]!), high: share(sorted.at(-3)!) })}
      </p>
      <div className={styles.compact}>
        <ProbabilityBars
          bars={bars}
          order="given"
          baseline={before}
          selected={concept}
          texts={{
            caption: texts.parts.refereeOthers,
            label: texts.concepts.conceptColumn,
            value: texts.concepts.probabilityColumn,
            baseline: texts.parts.intact,
          }}
        />
      </div>
      <p className={shell.small}>{texts.parts.refereeOthers}</p>
    </>
  );
}
