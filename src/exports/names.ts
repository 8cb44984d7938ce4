import type { UnitNames } from '../protocol/naming.ts';
import { toCsv } from './csv.ts';
import { type Settings, toJson } from './settings.ts';

/** One line a unit, in the order of the units. */
export function namesCsv({ rows, chance }: UnitNames): string {
  return toCsv(
    ['unit', 'word', 'score_nats', 'above_chance', 'next', 'dead'],
    rows.map(({ unit, concept, score, next, dead }) => [
      unit,
      concept,
      score,
      !dead && score > chance,
      next.map((word) => `${word.concept} ${word.score}`).join('; '),
      dead,
    ]),
  );
}

export function namesJson(
  { rows, images, top, words, unknown, chance }: UnitNames,
  settings: Settings,
): string {
  return toJson(settings, {
    images,
    top,
    words,
    unknown: [...unknown],
    chance_nats: chance,
    rows: rows.map(({ unit, concept, score, next, dead, pictures }) => ({
      unit,
      word: concept,
      score_nats: score,
      next: next.map((word) => ({ word: word.concept, score_nats: word.score })),
      dead,
      pictures: [...pictures],
    })),
  });
}
