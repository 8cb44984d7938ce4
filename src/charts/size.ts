import { type RefObject, useLayoutEffect, useState } from 'react';

/** Device pixels of a canvas. */
export interface CanvasSize {
  readonly width: number;
  readonly height: number;
}

/** More device pixels than this per CSS pixel cost time and show nothing. */
const maxRatio = 2;

/**
 * Keeps a canvas as many device pixels as it covers (at most twice its CSS size), in the shape of `shape`. 0 until it is laid
 * out. The canvas is resized in the same pass, before the effect that paints it.
 */
export function useCanvasSize(
  canvas: RefObject<HTMLCanvasElement | null>,
  shape: { readonly width: number; readonly height: number },
): CanvasSize {
  const [size, setSize] = useState<CanvasSize>({ width: 0, height: 0 });
  const { width: shapeWidth, height: shapeHeight } = shape;
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const measure = () => {
      const ratio = Math.min(maxRatio, window.devicePixelRatio || 1);
      const width = Math.round(element.clientWidth * ratio);
      const height = Math.round((width * shapeHeight) / shapeWidth);
      if (element.width !== width) element.width = width;
      if (element.height !== height) element.height = height;
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [canvas, shapeWidth, shapeHeight]);
  return size;
}
