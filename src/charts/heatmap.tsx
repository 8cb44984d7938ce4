import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef, useState } from 'react';
import type { Pixels } from '../protocol/image.ts';
import type { Grid } from '../tensor/tensor.ts';
import { drawHeatmap } from './draw-heatmap.ts';
import styles from './heat.module.css';
import { type HeatReading, type HeatScale, readAt, readCell } from './heat.ts';
import { useCanvasSize } from './size.ts';

export interface HeatmapProps {
  readonly image: Pixels;
  /** Absent: the picture alone, undimmed. */
  readonly heat?: Grid | undefined;
  readonly scale: HeatScale;
  /** Of the heat, 0 to 1; default 0.85. */
  readonly opacity?: number;
  /** Bicubic between the cells' centres (default), or the raw cells. */
  readonly smooth?: boolean;
  /** Accessible name: what is shown. */
  readonly label: string;
  /** How to use it, for screen readers, as "arrow keys read the values". */
  readonly hint?: string;
  /** Words of a reading, announced while the cursor moves. */
  readonly describe: (reading: HeatReading) => string;
  /** What is under the pointer or the keyboard's cursor; undefined when neither is there. */
  readonly onRead?: (reading: HeatReading | undefined) => void;
  /** A place was clicked, or Enter pressed on it. */
  readonly onPick?: (reading: HeatReading) => void;
  /** After each painting, with what it took. */
  readonly onDrawn?: (elapsedMs: number) => void;
}

/** A picture with heat over it. Hover or the arrow keys read the value of the cell underneath. */
export function Heatmap(props: HeatmapProps) {
  const { image, heat, scale, opacity = 0.85, smooth = true, label, hint, describe } = props;
  const { onRead, onPick, onDrawn } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useCanvasSize(canvas, image);
  const [cursor, setCursor] = useState<{ readonly row: number; readonly column: number }>();

  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || size.width === 0) return;
    const start = performance.now();
    drawHeatmap(context, size, image, heat && { grid: heat, scale, opacity, smooth });
    onDrawn?.(performance.now() - start);
  }, [size, image, heat, scale, opacity, smooth, onDrawn]);

  const reading = heat && cursor && readCell(heat, cursor.row, cursor.column);

  function under(event: PointerEvent): HeatReading | undefined {
    if (!heat) return undefined;
    const box = event.currentTarget.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) return undefined;
    return readAt(heat, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!heat) return;
    const [height, width] = heat.dims;
    const from = cursor ?? { row: Math.floor(height / 2), column: Math.floor(width / 2) };
    const move = moves[event.key];
    if (move) {
      const next = readCell(
        heat,
        cursor ? from.row + move[0] : from.row,
        cursor ? from.column + move[1] : from.column,
      );
      setCursor(next);
      onRead?.(next);
    } else if (event.key === 'Enter' && reading) {
      onPick?.(reading);
    } else if (event.key === 'Escape' && cursor) {
      leave();
    } else return;
    event.preventDefault();
  }

  function leave() {
    setCursor(undefined);
    onRead?.(undefined);
  }

  return (
    <div className={styles.heatmap} style={{ aspectRatio: `${image.width} / ${image.height}` }}>
      <div
        role="application"
        aria-label={label}
        aria-roledescription={hint}
        tabIndex={heat ? 0 : -1}
        className={styles.field}
        onPointerMove={(event) => {
          const found = under(event);
          if (found) onRead?.(found);
        }}
        onPointerLeave={() => onRead?.(reading)}
        onPointerUp={(event) => {
          const found = under(event);
          if (found && event.button === 0) onPick?.(found);
        }}
        onKeyDown={onKeyDown}
        onBlur={leave}
      >
        <canvas ref={canvas} className={styles.canvas} />
        {heat && reading && (
          <div
            className={styles.cursor}
            style={{
              left: `${(100 * reading.column) / heat.dims[1]}%`,
              top: `${(100 * reading.row) / heat.dims[0]}%`,
              width: `${100 / heat.dims[1]}%`,
              height: `${100 / heat.dims[0]}%`,
            }}
          />
        )}
      </div>
      <output className={styles.hidden} aria-live="polite">
        {reading && describe(reading)}
      </output>
    </div>
  );
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
