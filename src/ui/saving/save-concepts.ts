import { barsJson, layersCsv } from '../../exports/bars.ts';
import { filename } from '../../exports/filename.ts';
import type { Settings } from '../../exports/settings.ts';
import type { Picture } from '../../state/picture.ts';
import type { Finished } from '../../state/run.ts';
import { download, hashesOf, textFile } from './download.ts';

/** CSV: every concept at every layer with its null band. JSON: the probabilities with their settings. */
export function saveConcepts(kind: 'csv' | 'json', finished: Finished<'explain'>, picture: Picture): void {
  const { params, result } = finished;
  const image = picture.kind === 'scene' ? `scene ${picture.seed}` : 'upload';
  const settings: Settings = {
    kind: 'concepts',
    model: params.model,
    sha256: hashesOf(params.model),
    recipe: 'zero-shot',
    device: result.device,
    link: location.href,
    parameters: {
      image,
      prompt: params.prompt,
      concepts: params.concepts,
      templates: [...(params.templates ?? [])],
    },
  };
  const name = filename(['concepts', image, params.prompt], kind);
  const concepts = result.scores.map(({ concept }) => concept);
  if (kind === 'csv') download(name, textFile(layersCsv(result.layers, concepts), 'text/csv'));
  else {
    const bars = result.scores.map(({ concept, probability }) => ({ label: concept, value: probability }));
    download(name, textFile(barsJson(bars, 'probability', settings), 'application/json'));
  }
}
