/**
 * Weights that lie in files beside a model (`model.onnx_data`), read into it: the files follow as fields that ONNX does not have,
 * so the whole is still a ModelProto of one buffer, and everything that takes a model file takes it too. `externalise` finds
 * the tensors there.
 */

import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { type ByteRange, WireReader, WireWriter } from './wire.ts';

/** Far from every field that ModelProto has or is likely to get. */
export const BESIDE_FIELD = 20_001;

export interface BesideFile {
  /** Without its folder. */
  readonly name: string;
  readonly data: Uint8Array;
}

/** One buffer of a model and the files beside it. The model itself when there are none. */
export function joinBeside(
  model: Uint8Array<ArrayBuffer>,
  files: readonly BesideFile[],
): Uint8Array<ArrayBuffer> {
  if (files.length === 0) return model;
  const heads = files.map(({ name, data }) => head(name, data.length));
  const total = files.reduce((sum, { data }, i) => sum + heads[i]!.length + data.length, model.length);
  const joined = new Uint8Array(total);
  joined.set(model);
  let at = model.length;
  files.forEach(({ data }, i) => {
    joined.set(heads[i]!, at);
    at += heads[i]!.length;
    joined.set(data, at);
    at += data.length;
  });
  return joined;
}

/** Where in a joined model the content of each file lies, by its name. */
export function besideRanges(bytes: Uint8Array): ReadonlyMap<string, ByteRange> {
  const ranges = new Map<string, ByteRange>();
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field !== BESIDE_FIELD) {
      reader.skip();
      continue;
    }
    const inner = new WireReader(bytes, reader.range());
    let name = '';
    while (inner.next()) {
      if (inner.field === 1) name = decodeUtf8(bytes, inner.range());
      else if (inner.field === 2) ranges.set(name, inner.range());
      else inner.skip();
    }
  }
  return ranges;
}

/** A location as a graph states it, without folders. */
export function besideName(location: string): string {
  return location.slice(location.lastIndexOf('/') + 1);
}

/** The role of the model whose weights the file of this role holds, as `unet` for `unet.data1`; undefined for any other file. */
export function besideRole(role: string): string | undefined {
  return /^(.+)\.data\d*$/.exec(role)?.[1];
}

/** Everything of the field before the content: name first, so that it is known when the content comes. */
function head(name: string, length: number): Uint8Array {
  const label = new WireWriter();
  label.bytes(1, encodeUtf8(name));
  const inner = label.finish();
  const content = [...varint(2 * 8 + 2), ...varint(length)];
  const size = inner.length + content.length + length;
  return Uint8Array.from([...varint(BESIDE_FIELD * 8 + 2), ...varint(size), ...inner, ...content]);
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}
