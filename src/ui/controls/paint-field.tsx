import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { REGION_SIDE } from '../../protocol/steer.ts';
import { useTexts } from '../context.ts';
import styles from './paint-field.module.css';

/** A brush over a picture: dragging paints cells, starting on a painted one wipes; the keyboard does the same cell by cell. */
export function PaintField(props: {
  readonly cells: Uint8Array;
  readonly onPaint: (cells: Uint8Array) => void;
}) {
  const { cells, onPaint } = props;
  const texts = useTexts();
  const stroke = useRef<{ readonly value: number; cells: Uint8Array } | undefined>(undefined);
  const [cursor, setCursor] = useState<number>();

  const cellAt = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = (share: number) => Math.min(REGION_SIDE - 1, Math.max(0, Math.floor(share * REGION_SIDE)));
    const row = place((event.clientY - box.top) / box.height);
    return row * REGION_SIDE + place((event.clientX - box.left) / box.width);
  };
  const put = (cell: number, value: number, from: Uint8Array): Uint8Array => {
    const next = from.slice();
    next[cell] = value;
    onPaint(next);
    return next;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const now = cursor ?? (REGION_SIDE / 2) * REGION_SIDE + REGION_SIDE / 2;
    const move = { ArrowUp: -REGION_SIDE, ArrowDown: REGION_SIDE, ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (move !== undefined) {
      const next = now + move;
      const wraps = Math.abs(move) === 1 && Math.floor(next / REGION_SIDE) !== Math.floor(now / REGION_SIDE);
      if (next >= 0 && next < cells.length && !wraps) setCursor(next);
    } else if (event.key === ' ') put(now, cells[now] ? 0 : 1, cells);
    else return;
    event.preventDefault();
  };

  return (
    <div
      className={styles.paint}
      role="application"
      aria-label={texts.steer.paintGrid}
      aria-roledescription={texts.steer.paintKeys}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a drawing surface is operated by keys
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const cell = cellAt(event);
        const value = cells[cell] ? 0 : 1;
        stroke.current = { value, cells: put(cell, value, cells) };
      }}
      onPointerMove={(event) => {
        const now = stroke.current;
        if (now) now.cells = put(cellAt(event), now.value, now.cells);
      }}
      onPointerUp={() => {
        stroke.current = undefined;
      }}
      onKeyDown={onKeyDown}
      onFocus={() => setCursor((now) => now ?? 8 * REGION_SIDE + 8)}
      onBlur={() => setCursor(undefined)}
    >
      {Array.from(cells, (on, cell) => (
        <span key={`cell ${cell + 1}`} data-on={on === 1} data-cursor={cursor === cell} />
      ))}
    </div>
  );
}
