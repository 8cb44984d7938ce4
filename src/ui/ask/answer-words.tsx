import { ProbabilityBars } from '../../charts/probability-bars.tsx';
import type { AnswerToken } from '../../protocol/ask.ts';
import attention from '../attention/attention.module.css';
import { useTexts } from '../context.ts';
import { share } from '../figures.ts';
import shell from '../shell/shell.module.css';
import styles from './ask.module.css';

/** Question and answer as they were said; each word of the answer is a button with its probability. */
export function AnswerWords(props: {
  readonly question: string;
  readonly tokens: readonly AnswerToken[];
  readonly limited: boolean;
  /** Absent while tokens still come. */
  readonly chosen?: number;
  readonly onChoose?: (index: number) => void;
  readonly label: string;
}) {
  const texts = useTexts();
  const { question, tokens, limited, chosen, onChoose, label } = props;
  const shown = chosen === undefined ? undefined : tokens[chosen];
  return (
    <section className={styles.chat} aria-label={label}>
      {question !== '' && (
        <p className={styles.question} lang="en">
          {question}
        </p>
      )}
      <ul className={styles.answer} aria-live="polite">
        {tokens.map((token, index) => (
          <li key={index}>
            <button
              type="button"
              className={attention.chip}
              aria-pressed={index === chosen}
              data-special={token.forced}
              title={token.forced ? texts.ask.forced : undefined}
              disabled={!onChoose}
              onClick={() => onChoose?.(index)}
            >
              <span className={attention.word} lang="en">
                {wordOf(token.text)}
              </span>
              <span className={attention.strength} aria-hidden="true">
                <span style={{ width: `${100 * token.probability}%` }} />
              </span>
              <span className={attention.figure}>{share(token.probability)}</span>
            </button>
          </li>
        ))}
      </ul>
      {limited && <p className={shell.small}>{texts.ask.endedByLimit}</p>}
      {shown && (
        <ProbabilityBars
          bars={shown.candidates.map(({ id, text, probability }) => ({
            key: String(id),
            label: wordOf(text),
            probability,
          }))}
          selected={String(shown.id)}
          baseline={0}
          texts={{
            caption: texts.ask.candidates({ word: wordOf(shown.text) }),
            label: texts.ask.candidate,
            value: texts.ask.probability,
            baseline: '',
          }}
        />
      )}
    </section>
  );
}

/** Without the marks that tokenizers put where a word begins. */
export function wordOf(text: string): string {
  return text.replace(/^[Ġ▁]/, '').replace(/<\/w>$/, '') || text;
}
