import { conceptGridSvg } from '../../exports/concept-grid-svg.ts';
import type { Texts } from '../../text/texts.ts';
import type { AnswerMap } from '../concepts/use-answer.ts';
import { saveTable, type TableFile } from './save-table.ts';

/** The layer-by-token map of an answer, with the repainted picture's where there is one. */
export async function saveAnswerMap(
  file: TableFile,
  maps: readonly AnswerMap[],
  texts: Texts,
): Promise<void> {
  const [own] = maps;
  if (!own) return;
  const { params, result } = own.finished;
  const named = (map: AnswerMap): string => {
    const { repaint } = map.finished.params;
    const { answer } = map.finished.result;
    return repaint === null ? answer : `${texts.parts.repainted({ color: repaint })}: ${answer}`;
  };
  await saveTable(file, {
    kind: 'answer-map',
    model: params.model,
    recipe: result.recipe,
    device: result.device,
    parameters: {
      question: params.question,
      prefix: params.prefix,
      answers: maps.map(({ finished }) => finished.result.answer),
      readableFrom: maps.map(({ finished }) => finished.result.readableFrom),
      repaint: maps[1]?.finished.params.repaint ?? null,
      probes: result.probes,
    },
    name: ['answer-map', params.question, params.model],
    head: [
      'picture',
      'site',
      'position',
      'token',
      'role',
      'best',
      ...params.concepts,
      'null_low',
      'null_high',
    ],
    rows: maps.flatMap(({ finished: { params: asked, result: read } }) => {
      const [, positions, concepts] = read.figures.dims;
      return read.layers.flatMap(({ site, band, best }, layer) =>
        read.sequence.map(({ position, text, role }) => {
          const from = (layer * positions + position) * concepts;
          return [
            asked.repaint ?? 'as it is',
            site,
            position,
            text,
            role,
            asked.concepts[best[position]!] ?? null,
            ...read.figures.data.subarray(from, from + concepts),
            band.low,
            band.high,
          ];
        }),
      );
    }),
    svg: (settings) =>
      conceptGridSvg(
        maps.map((map) => ({
          title: `${params.question} ${named(map)} · ${params.model}`,
          columns: map.columns.map(({ label }) => label),
          rows: map.cells.map((cells, layer) => ({
            label: texts.parts.layer({ layer: layer + 1 }),
            cells: cells.map(({ concept }) => params.concepts[concept] ?? ''),
          })),
        })),
        (concept) => (CSS.supports('color', concept) ? concept : undefined),
        settings,
      ),
  });
}
