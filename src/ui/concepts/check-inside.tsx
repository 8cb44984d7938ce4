import { useMemo } from 'react';
import { ConceptBars } from '../../charts/concept-bars.tsx';
import { histogram } from '../../state/pair-table.ts';
import { useAddress, useTexts } from '../context.ts';
import { cosine } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import styles from './parts.module.css';
import { useCheck } from './use-check.ts';

const BINS = 14;

/** Right of the data check: the chosen pair with what would fit better, and how all scores are distributed. */
export function CheckInside() {
  const texts = useTexts();
  const pair = useAddress((address) => address.concepts.pair);
  const check = useCheck();
  const bars = useMemo(() => {
    if (!check) return [];
    const bins = histogram(
      check.rows.map(({ alignment }) => alignment),
      BINS,
    );
    const most = Math.max(...bins.map(({ count }) => count));
    const { low, high } = check.collection.result.chance;
    return bins.map((bin) => {
      const middle = (bin.low + bin.high) / 2;
      return {
        key: String(bin.low),
        label: `${cosine(bin.low)} – ${cosine(bin.high)}`,
        value: bin.count,
        ...(middle >= low && middle <= high && { band: { low: 0, high: most } }),
      };
    });
  }, [check]);
  if (!check) return <p className={shell.small}>{texts.run.soon}</p>;
  const worst = check.rows.reduce((least, row) => (row.alignment < least.alignment ? row : least));
  const row = check.rows.find((entry) => entry.pair === pair) ?? worst;
  const { params, result } = check.collection;
  return (
    <>
      <div className={shell.group}>
        <div className={styles.shown}>
          <PixelsCanvas pixels={check.items[row.pair]!.pixels} label={row.name} />
        </div>
        <p>{row.caption || row.name}</p>
        <p className={shell.small}>
          {texts.parts.scores({
            cosine: cosine(row.cosine),
            picture: row.pictureRank,
            caption: row.captionRank,
          })}
        </p>
        {row.better !== undefined && (
          <p className={shell.small}>
            {texts.parts.betterCaption}: <em lang="en">{row.better}</em>
          </p>
        )}
        {row.twin !== undefined && <p className={shell.small}>{texts.parts.twinOf({ name: row.twin })}</p>}
      </div>
      <div className={shell.group}>
        <h2 className={shell.heading}>{texts.parts.distribution}</h2>
        <div className={styles.compact}>
          <ConceptBars
            bars={bars}
            format={String}
            texts={{
              caption: texts.parts.distributionLabel,
              label: texts.parts.alignment,
              value: texts.parts.pairs,
              inside: texts.concepts.insideBand,
            }}
          />
        </div>
        <p className={shell.small}>{texts.parts.distributionHint}</p>
        <SaveButtons
          kinds={['png', 'svg', 'csv', 'json']}
          save={async (kind) => {
            const { saveTable } = await import('../saving/save-table.ts');
            await saveTable(kind, {
              kind: 'alignment-distribution',
              model: params.model,
              recipe: result.recipe,
              device: result.device,
              parameters: { pairs: check.rows.length },
              name: ['alignment', params.model],
              head: ['bin', 'pairs'],
              rows: bars.map(({ label, value }) => [label, value]),
              bars: {
                title: texts.parts.distribution,
                unit: texts.parts.pairs,
                bars: bars.map(({ label, value }) => ({ label, value })),
              },
            });
          }}
        />
      </div>
    </>
  );
}
