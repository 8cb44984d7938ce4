import { lightStyle } from './bars-svg.ts';

export interface SvgPoint {
  readonly x: number;
  readonly y: number;
  readonly kind: 'picture' | 'caption';
}

import { svgDocument, svgGround } from './svg-document.ts';
/** A stand-alone SVG of two kinds of points, joined where `pairs` says, with the settings in its metadata. */
export function pointsSvg(
  points: readonly SvgPoint[],
  pairs: readonly (readonly [number, number])[],
  box: { readonly width: number; readonly height: number },
  title: string,
  settings: string,
): string {
  const lines = pairs.map(([a, b]) => {
    const from = points[a]!;
    const to = points[b]!;
    return `<line x1="${fixed(from.x)}" y1="${fixed(from.y)}" x2="${fixed(to.x)}" y2="${fixed(to.y)}" stroke="${lightStyle.ink}" stroke-width="0.5" opacity="0.25"/>`;
  });
  const marks = points.map(({ x, y, kind }) =>
    kind === 'picture'
      ? `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="3.5" fill="#9a3b22"/>`
      : `<path d="M${fixed(x)} ${fixed(y - 4.5)}l4.5 4.5-4.5 4.5-4.5-4.5z" fill="#2b5f8c"/>`,
  );
  return svgDocument({ ...box, title, settings }, [
    svgGround(box.width, box.height, lightStyle.surface),
    ...lines,
    ...marks,
  ]);
}

function fixed(value: number): string {
  return String(Math.round(value * 100) / 100);
}
