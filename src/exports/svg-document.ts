import { xml } from './xml.ts';

export interface SvgFrame {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Settings of what is shown, for the metadata. */
  readonly settings: string;
  /** Size of its texts, where it has any. */
  readonly font?: number;
  /** Whether figures stand below each other. */
  readonly tabular?: boolean;
}

/** A stand-alone SVG 1.1 document, with its settings in its metadata; `parts` are elements, the ground first. */
export function svgDocument(frame: SvgFrame, parts: readonly string[]): string {
  const { width, height, title, settings, font, tabular = false } = frame;
  const texts = font === undefined ? '' : ` font-family="system-ui, sans-serif" font-size="${font}"`;
  const figures = tabular ? ' style="font-variant-numeric: tabular-nums"' : '';
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"${texts}${figures}>
<title>${xml(title)}</title>
<metadata>${xml(settings)}</metadata>
${parts.join('\n')}
</svg>
`;
}

/** A ground of one colour. */
export function svgGround(width: number, height: number, fill = '#ffffff'): string {
  return `<rect width="${width}" height="${height}" fill="${fill}"/>`;
}
