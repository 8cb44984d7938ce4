/**
 * Where the world that a model was trained on ends: a Gaussian over features of its last hidden states, fitted to held-out
 * scenes (probabilistic PCA, Tipping and Bishop 1999), and the distance beyond which an image is foreign.
 */

import { VitrineError } from '../../protocol/errors.ts';

export interface WorldStatistics {
  /** [feature] */
  readonly mean: Float32Array;
  /** [direction, feature], row by row: directions with a variance of their own. */
  readonly directions: Float32Array;
  /** Variance that the other directions share. */
  readonly rest: number;
  /** Largest distance (not squared) of what still counts as part of the world. */
  readonly threshold: number;
}

const RECIPE = 'ppca-mahalanobis';

/** Reads `world_statistics.json`. Throws `model-corrupt` for another recipe or numbers that do not fit. */
export function readWorldStatistics(json: unknown): WorldStatistics {
  const fields = (typeof json === 'object' && json !== null ? json : {}) as Readonly<Record<string, unknown>>;
  const { recipe, rest, threshold } = fields;
  if (recipe !== RECIPE) throw corrupt(`recipe ${String(recipe)}`);
  const mean = readFloats(fields, 'mean');
  const directions = readFloats(fields, 'A');
  if (typeof rest !== 'number' || !(rest > 0)) throw corrupt('rest');
  if (typeof threshold !== 'number' || !(threshold > 0)) throw corrupt('threshold');
  if (mean.length === 0 || directions.length % mean.length !== 0) throw corrupt('A does not fit mean');
  return { mean, directions, rest, threshold: Math.sqrt(threshold) };
}

/**
 * The features of one image: its CLS state, then mean and population standard deviation over patches.
 * `hidden` is [position, width] with CLS first.
 */
export function worldFeatures(hidden: Float32Array, width: number): Float64Array {
  const patches = hidden.length / width - 1;
  if (!Number.isInteger(patches) || patches < 1)
    throw new RangeError(`${hidden.length} states of width ${width}`);
  const features = new Float64Array(3 * width);
  for (let i = 0; i < width; i++) {
    features[i] = hidden[i]!;
    let mean = 0;
    for (let p = 1; p <= patches; p++) mean += hidden[p * width + i]!;
    mean /= patches;
    let variance = 0;
    for (let p = 1; p <= patches; p++) variance += (hidden[p * width + i]! - mean) ** 2;
    features[width + i] = mean;
    features[2 * width + i] = Math.sqrt(variance / patches);
  }
  return features;
}

/** Mahalanobis distance of features from the world: sqrt(|x|^2 / rest - |A x|^2) with x = features - mean. */
export function worldDistance(features: Float64Array, { mean, directions, rest }: WorldStatistics): number {
  if (features.length !== mean.length)
    throw new RangeError(`${features.length} features, not ${mean.length}`);
  const size = mean.length;
  const x = features.map((value, i) => value - mean[i]!);
  let squared = 0;
  for (const value of x) squared += (value * value) / rest;
  for (let start = 0; start < directions.length; start += size) {
    let along = 0;
    for (let i = 0; i < size; i++) along += directions[start + i]! * x[i]!;
    squared -= along * along;
  }
  // Rounding may leave a value just below 0 at the mean; NaN stays NaN and counts as foreign.
  return squared < 0 ? 0 : Math.sqrt(squared);
}

function readFloats(fields: Readonly<Record<string, unknown>>, name: string): Float32Array {
  const text = fields[name];
  if (typeof text !== 'string') throw corrupt(name);
  const bytes = decodeBase64(text, name);
  if (bytes.length % 4 !== 0) throw corrupt(`${name} of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648; the pure folders have no atob. */
function decodeBase64(text: string, name: string): Uint8Array<ArrayBuffer> {
  const body = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const character of body) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw corrupt(`${name} is not base64`);
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[at++] = (bits >> count) & 0xff;
    }
  }
  return bytes;
}

function corrupt(what: string): VitrineError {
  return new VitrineError('model-corrupt', `world_statistics: ${what}`, { file: 'world_statistics' });
}
