import { useLayoutEffect, useRef } from 'react';
import type { Pixels } from '../protocol/image.ts';
import type { Grid } from '../tensor/tensor.ts';
import { drawBlend } from './draw-heatmap.ts';
import styles from './heat.module.css';
import { blendColours } from './palette.ts';
import { useCanvasSize } from './size.ts';

export interface HeatBlendProps {
  readonly image: Pixels;
  /** Two or three words, on grids of one size. */
  readonly items: readonly { readonly key: string; readonly label: string; readonly heat: Grid }[];
  /** Absolute scale from 0, common to all. */
  readonly max: number;
  readonly opacity?: number;
  readonly smooth?: boolean;
  readonly label: string;
}

/** Two or three words over one picture, a hue each: shows where they meet. For values, {@link HeatMultiples}. */
export function HeatBlend({ image, items, max, opacity = 0.85, smooth = true, label }: HeatBlendProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useCanvasSize(canvas, image);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || size.width === 0) return;
    const heats = items.map(({ heat }, i) => ({ grid: heat, colour: hue(i) }));
    drawBlend(context, size, image, { heats, max, opacity, smooth });
  }, [size, image, items, max, opacity, smooth]);
  return (
    <figure style={{ margin: 0 }}>
      <div className={styles.heatmap} style={{ aspectRatio: `${image.width} / ${image.height}` }}>
        <canvas ref={canvas} className={styles.canvas} role="img" aria-label={label} />
      </div>
      <ul className={styles.key}>
        {items.map(({ key, label: name }, i) => (
          <li key={key}>
            <span className={styles.swatch} style={{ background: hue(i) }} />
            {name}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function hue(index: number): string {
  const colour = blendColours[index];
  if (!colour) throw new RangeError(`blend: more than ${blendColours.length} maps`);
  return colour;
}
