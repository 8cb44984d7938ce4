import { useLayoutEffect, useRef } from 'react';
import type { Pixels } from '../protocol/image.ts';

/** A picture as it is: thumbnails and previews. */
export function PixelsCanvas(props: {
  readonly pixels: Pixels;
  /** Absent for pictures that only repeat what stands beside them. */
  readonly label?: string;
  readonly className?: string | undefined;
}) {
  const { pixels, label, className } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const { width, height, data } = pixels;
    canvas.current?.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      className={className}
      width={pixels.width}
      height={pixels.height}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  );
}
