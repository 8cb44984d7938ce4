import { useMemo } from 'react';
import { useStore } from 'zustand';
import { layoutConceptMap, type MapColumn } from '../../charts/concept-map.ts';
import type { AnswerReading } from '../../protocol/read-answer.ts';
import { type Run, shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';

/** The maps of an answer, of the picture as it is and repainted: columns, cells, and the chosen cell; undefined until there is one. */
export function useAnswer() {
  const run = useRun('readAnswer');
  const other = useStore(useVitrine().runs.readRepainted.store);
  const wanted = useAddress((address) => address.concepts.repaint);
  const map = useMapOf(run);
  const beside = useMapOf(other);
  // Beside stands only what belongs to the same question about the same picture.
  const belongs =
    map && beside && wanted !== '' && beside.finished.params.repaint === wanted && sameAsked(map, beside);
  return { run, map, other, beside: belongs ? beside : undefined };
}

export type AnswerMap = NonNullable<ReturnType<typeof useMapOf>>;

function useMapOf(run: Run<'readAnswer'>) {
  const texts = useTexts();
  const finished = shownOf(run);
  const cell = useAddress((address) => address.concepts.cell);
  const picture = texts.parts.picture;
  const map = useMemo(() => finished && layout(finished.result, picture), [finished, picture]);
  if (!finished || !map) return undefined;
  const [row = map.cells.length - 1, column = map.home] = cell === '' ? [] : cell.split('.').map(Number);
  return {
    ...map,
    finished,
    row: Math.min(row, map.cells.length - 1),
    column: Math.min(column, map.columns.length - 1),
  };
}

function layout({ sequence, layers, figures, answering }: AnswerReading, picture: string) {
  const image = sequence.filter(({ role }) => role === 'image').map(({ position }) => position);
  const columns: readonly MapColumn[] = [
    { key: 'image', label: picture, kind: 'image', positions: image },
    ...sequence
      // What the chat format puts around the question says nothing, but for the place that answers.
      .filter(({ role, position }) => role === 'question' || role === 'answer' || position === answering)
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
  return { columns, cells, home: columns.findIndex(({ positions }) => positions[0] === answering) };
}

function sameAsked(a: AnswerMap, b: AnswerMap): boolean {
  const [own, other] = [a.finished.params, b.finished.params];
  return (
    own.model === other.model &&
    JSON.stringify(own.image) === JSON.stringify(other.image) &&
    own.question === other.question &&
    own.prefix === other.prefix &&
    own.vectors === other.vectors &&
    own.concepts.join() === other.concepts.join()
  );
}
