/** What the pixels of a label image stand for: a name by index, or by colour R + 256 G + 65536 B. */
export interface LabelNames {
  readonly by: 'index' | 'colour';
  readonly names: ReadonlyMap<number, string>;
}

/**
 * Reads a label file: `R G B name` a line (CamVid's `label_colors.txt`), CSV with r, g, b and name columns, or an index and a
 * name a line (ADE20K's `objectInfo150.txt`: `Idx Ratio Train Val Name`), or names alone, which are indices from 1 on. Null
 * when nothing of it can be understood.
 */
export function readLabelFile(text: string): LabelNames | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const colours = new Map<number, string>();
  const indices = new Map<number, string>();
  for (const line of lines) {
    const cells = line
      .split(line.includes('\t') ? '\t' : /[,;]+|\s{2,}/)
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '');
    const words = line.trim().split(/[\s,;]+/);
    const front = /^\s*(\d{1,3})[\s,;]+(\d{1,3})[\s,;]+(\d{1,3})[\s,;]+(\D.*)$/.exec(line);
    const back = /^\s*(\D[^,;\t]*)[,;\t]\s*(\d{1,3})[\s,;]+(\d{1,3})[\s,;]+(\d{1,3})\s*$/.exec(line);
    if (front) colours.set(colour(front[1]!, front[2]!, front[3]!), front[4]!.trim());
    else if (back) colours.set(colour(back[2]!, back[3]!, back[4]!), back[1]!.trim());
    else if (/^\d+$/.test(words[0]!)) {
      // The name is the last cell that is no number.
      const name = (cells.length > 1 ? cells : words).slice(1).findLast((cell) => !/^[\d.]+$/.test(cell));
      if (name !== undefined) indices.set(Number(words[0]), name);
    }
  }
  if (colours.size > 0) return { by: 'colour', names: colours };
  if (indices.size > 0) return { by: 'index', names: indices };
  const plain = lines.every((line) => line.length < 80 && !/[{}[\]]/.test(line));
  if (!plain || lines.length === 0) return null;
  return { by: 'index', names: new Map(lines.map((line, i) => [i + 1, line.trim()])) };
}

function colour(r: string, g: string, b: string): number {
  return Number(r) + 256 * Number(g) + 65536 * Number(b);
}
