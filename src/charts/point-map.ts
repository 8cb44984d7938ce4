import type { Tensor } from '../tensor/tensor.ts';

export interface MapPoint {
  readonly x: number;
  readonly y: number;
}

/**
 * Points [point, axis] in a box of `width` x `height` with a margin, one scale for both axes so that distances are true; the first axis
 * points right, the second up. An empty or single-point map lies in the middle.
 */
export function layoutPoints(
  points: Tensor<readonly ['point', 'axis']>,
  size: { readonly width: number; readonly height: number; readonly margin: number },
): readonly MapPoint[] {
  const { data } = points;
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  data.forEach((value, at) => {
    low[at % 2] = Math.min(low[at % 2]!, value);
    high[at % 2] = Math.max(high[at % 2]!, value);
  });
  const spans = [high[0]! - low[0]!, high[1]! - low[1]!];
  const room = [size.width - 2 * size.margin, size.height - 2 * size.margin];
  const scale = Math.min(room[0]! / (spans[0] || 1), room[1]! / (spans[1] || 1));
  return Array.from({ length: points.dims[0] }, (_, point) => ({
    x: size.width / 2 + (data[2 * point]! - (low[0]! + high[0]!) / 2) * scale,
    y: size.height / 2 - (data[2 * point + 1]! - (low[1]! + high[1]!) / 2) * scale,
  }));
}
