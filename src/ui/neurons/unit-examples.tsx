import { useMemo } from 'react';
import type { HeatScale } from '../../charts/heat.ts';
import { HeatLegend } from '../../charts/heat-legend.tsx';
import { Heatmap } from '../../charts/heatmap.tsx';
import type { UnitReport } from '../../protocol/dissection.ts';
import { aboveThreshold } from '../../state/unit-heat.ts';
import { useTexts } from '../context.ts';
import { activation } from '../figures.ts';
import shell from '../shell/shell.module.css';
import styles from './neurons.module.css';

/** The pictures that drive a unit highest: heat where it fires, or all above 0 where no threshold is known. */
export function UnitExamples(props: {
  readonly report: UnitReport;
  readonly threshold?: number;
  readonly hint?: string;
}) {
  const { report, threshold } = props;
  const least = threshold ?? 0;
  const { neurons } = useTexts();
  const shown = useMemo(
    () => report.examples.map((example) => ({ ...example, heat: aboveThreshold(example.activation, least) })),
    [report, least],
  );
  const max = Math.max(0, ...report.examples.map(({ peak }) => peak));
  const scale = useMemo<HeatScale>(() => ({ kind: 'sequential', max, palette: 'inferno' }), [max]);
  return (
    <>
      <ul className={styles.examples}>
        {shown.map(({ sceneSeed, caption, image, heat, peak }) => (
          <li key={sceneSeed} title={caption}>
            <figure>
              <Heatmap
                image={image}
                heat={heat}
                scale={scale}
                label={neurons.examplePeak({ caption, peak: activation(peak) })}
                describe={({ value }) => activation(value)}
              />
              <figcaption>
                <span className={styles.hidden}>{caption}: </span>
                {neurons.peak({ peak: activation(peak) })}
              </figcaption>
            </figure>
          </li>
        ))}
      </ul>
      <HeatLegend
        scale={scale}
        label={neurons.legend}
        {...(threshold !== undefined && { baseline: { value: threshold, label: neurons.threshold } })}
      />
      <p className={shell.small}>{props.hint ?? neurons.unitHint}</p>
    </>
  );
}
