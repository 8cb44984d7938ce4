/** Where the centred square of a picture lies, in its own pixels. */
export function centreSquare(
  width: number,
  height: number,
): { readonly x: number; readonly y: number; readonly side: number } {
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side };
}

/**
 * Sides of the squares drawn one from the other, from `from` (excluded) to `to` (the last): halved as long as that is possible, since
 * bilinear scaling by more than 2 skips pixels.
 */
export function steps(from: number, to: number): readonly number[] {
  const sides: number[] = [];
  for (let side = Math.floor(from / 2); side > to; side = Math.floor(side / 2)) sides.push(side);
  return [...sides, to];
}
