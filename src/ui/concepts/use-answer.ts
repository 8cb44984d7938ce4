import { useMemo } from 'react';
import { layoutConceptMap, type MapColumn } from '../../charts/concept-map.ts';
import { shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts } from '../context.ts';

/** The map of an answer: its columns, cells, and the chosen one; undefined until there is an answer. */
export function useAnswer() {
  const texts = useTexts();
  const run = useRun('readAnswer');
  const finished = shownOf(run);
  const cell = useAddress((address) => address.concepts.cell);
  const picture = texts.parts.picture;
  const map = useMemo(() => {
    if (!finished) return undefined;
    const { sequence, layers, figures, answering } = finished.result;
    const image = sequence.filter(({ role }) => role === 'image').map(({ position }) => position);
    const columns: readonly MapColumn[] = [
      { key: 'image', label: picture, kind: 'image', positions: image },
      ...sequence
        .filter(({ role }) => role !== 'image')
        .map(
          ({ position, text, role }): MapColumn => ({
            key: String(position),
            label: text.trim() || '·',
            kind: role === 'answer' ? 'answer' : 'token',
            positions: [position],
          }),
        ),
    ];
    const cells = layoutConceptMap(
      layers.map(({ best }) => best),
      figures,
      columns,
    );
    const home = columns.findIndex(({ positions }) => positions[0] === answering);
    return { columns, cells, home };
  }, [finished, picture]);
  if (!finished || !map) return { run, map: undefined };
  const [row = map.cells.length - 1, column = map.home] = cell === '' ? [] : cell.split('.').map(Number);
  return {
    run,
    map: {
      ...map,
      finished,
      row: Math.min(row, map.cells.length - 1),
      column: Math.min(column, map.columns.length - 1),
    },
  };
}
