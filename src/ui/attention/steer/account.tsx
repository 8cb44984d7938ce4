import type { AccountLine } from '../../../protocol/steer.ts';
import { useTexts } from '../../context.ts';
import { Disclosure } from '../../controls/disclosure.tsx';
import { siteLabel } from '../../site-label.ts';
import styles from '../pair.module.css';

/** What exactly was changed: kind, layers, steps, tokens. */
export function Account({
  lines,
  recipe,
}: {
  readonly lines: readonly AccountLine[];
  readonly recipe: string;
}) {
  const texts = useTexts();
  const { steer } = texts;
  const names = {
    maps: steer.account_maps,
    weights: steer.account_weights,
    self: steer.account_self,
    values: steer.account_values({ recipe }),
    scores: steer.account_scores,
    latents: steer.account_latents,
  };
  return (
    <Disclosure summary={steer.account}>
      <dl className={styles.account}>
        {lines.map(({ what, layers, steps, tokens }) => (
          <div key={what}>
            <dt>{names[what]}</dt>
            <dd>{steer.accountPlace({ layers: layers.length, steps: span(steps) })}</dd>
            {layers.length > 0 && (
              <dd title={layers.join(', ')}>{layers.map((site) => siteLabel(site, texts)).join(', ')}</dd>
            )}
            {what !== 'self' && <dd>{tokens.length === 0 ? steer.allTokens : runs(tokens)}</dd>}
          </div>
        ))}
      </dl>
    </Disclosure>
  );
}

/** Steps as people count them: windows have no holes. */
function span(steps: readonly number[]): string {
  const [first, last] = [steps[0], steps.at(-1)];
  return first === undefined || last === undefined
    ? '–'
    : first === last
      ? `${first + 1}`
      : `${first + 1}–${last + 1}`;
}

/** Tokens with their positions; equal ones in a row, as padding, are said once. */
function runs(tokens: AccountLine['tokens']): string {
  const found: { text: string; from: number; to: number }[] = [];
  for (const { text, position } of tokens) {
    const last = found.at(-1);
    if (last?.text === text && last.to === position - 1) last.to = position;
    else found.push({ text, from: position, to: position });
  }
  return found.map(({ text, from, to }) => `${text} (${from === to ? from : `${from}–${to}`})`).join(', ');
}
