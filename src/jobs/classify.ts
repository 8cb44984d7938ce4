/** The classes that a classifier sees in a picture, beside what it says of plain grey. */

import { classNames } from '../families/class-names.ts';
import { encodePictures } from '../families/contrastive/encode.ts';
import { modelView, toPixels } from '../families/contrastive/preprocess.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import { floats } from '../families/session.ts';
import { decodeUtf8 } from '../onnx/utf8.ts';
import type { ValueInfo } from '../onnx/value-info.ts';
import type { Classification } from '../protocol/classify.ts';
import { VitrineError } from '../protocol/errors.ts';
import { softmax } from '../tensor/statistics.ts';
import { sourcePixels } from './explain.ts';
import { optionalJson } from './optional-json.ts';
import type { Job, Runtime } from './runtime.ts';
import { openVision, visionCard } from './vision-model.ts';

const MIDDLE_GREY = 128;

export const classify: Job<'classify'> = async ({ model: id, image, top }, { runtime, cancellation }) => {
  const { graph } = await visionCard(runtime, id);
  const model = await openVision(runtime, id);
  const start = runtime.now();
  const view = modelView(sourcePixels(image, model.config.imageSize), model.preprocessing);
  const output = graph.model.outputs.find(isClasses)?.name;
  const done = (classes: Classification['classes'], count: number): Classification => ({
    image: toPixels(view),
    classes,
    count,
    device: runtime.device,
    elapsedMs: runtime.now() - start,
  });
  if (output === undefined) return done([], 0);
  const read = async (picture: Rgb8): Promise<Float32Array> => {
    const results = await encodePictures(model.vision, model.preprocessing, [picture], [output]);
    cancellation.check();
    const { dims, data } = floats(results, output);
    return dims.slice(2).every((size) => size === 1) ? data.slice() : new Float32Array();
  };
  const own = await read(view);
  if (own.length === 0) return done([], 0);
  const [seen = [], grey = []] = probabilities(
    own,
    await read({ ...view, data: view.data.map(() => MIDDLE_GREY) }),
  );
  const names = classNames(
    await optionalJson(runtime, id, 'config'),
    await optionalText(runtime, id, 'labels'),
    seen.length,
  );
  const best = [...seen.keys()].sort((a, b) => seen[b]! - seen[a]!).slice(0, top);
  return done(
    best.map((index) => ({
      index,
      label: names[index] ?? '',
      probability: seen[index]!,
      grey: grey[index]!,
    })),
    seen.length,
  );
};

/** An output of one row a picture whose name does not say that it is a feature. */
function isClasses({ name, dims }: ValueInfo): boolean {
  if (/hidden|embed|feature|pool/i.test(name)) return false;
  // Old exporters leave shapes out, or keep the picture's two axes as 1 x 1.
  return dims === null || dims.slice(2).every((size) => size === 1);
}

/**
 * Probabilities as they are where the model ends in a softmax, which shows in rows that all add up to 1, else of its logits.
 * @param rows classes of one picture each.
 */
export function probabilities(...rows: readonly Float32Array[]): readonly (readonly number[])[] {
  const shares = rows.every((row) => {
    const sum = row.reduce((total, value) => total + value, 0);
    return row.every((value) => value >= 0) && Math.abs(sum - 1) < 0.02;
  });
  return rows.map((row) => (shares ? [...row] : softmax(row)));
}

async function optionalText(runtime: Runtime, model: string, file: string): Promise<string | null> {
  try {
    return decodeUtf8(await runtime.bytes(model, file));
  } catch (error) {
    if (error instanceof VitrineError && error.code === 'model-missing') return null;
    throw error;
  }
}
