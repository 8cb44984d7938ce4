/** What a family needs from its host: an opened session and a tokenizer. The hosts implement them; see jobs/runtime.ts. */

/** A tensor as a session takes and gives it. */
export type Value =
  | { readonly type: 'float32'; readonly dims: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'int64'; readonly dims: readonly number[]; readonly data: BigInt64Array }
  | { readonly type: 'int32'; readonly dims: readonly number[]; readonly data: Int32Array }
  | { readonly type: 'uint16'; readonly dims: readonly number[]; readonly data: Uint16Array }
  | { readonly type: 'bool'; readonly dims: readonly number[]; readonly data: Uint8Array };

export type FloatValue = Extract<Value, { readonly type: 'float32' }>;

export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Runs once and fetches only the named outputs. Waits its turn in the host's queue. */
  run(
    feeds: Readonly<Record<string, Value>>,
    fetch: readonly string[],
  ): Promise<Readonly<Record<string, Value>>>;
  release(): Promise<void>;
}

/** Splits text into token ids, special tokens included, without padding or truncation. */
export interface Tokenizer {
  encode(text: string): readonly number[];
  /** The text of one token. */
  token(id: number): string;
  id(token: string): number | undefined;
}

/** The uint16 output `name` of a run; RangeError when it is absent or of another type. */
export function fixedPoints(results: Readonly<Record<string, Value>>, name: string): Uint16Array {
  const value = results[name];
  if (value?.type !== 'uint16') throw new RangeError(`output ${name}: ${value ? value.type : 'absent'}`);
  return value.data;
}

/** The float32 output `name` of a run; RangeError when it is absent or of another type. */
export function floats(
  results: Readonly<Record<string, Value>>,
  name: string,
): { readonly dims: readonly number[]; readonly data: Float32Array } {
  const value = results[name];
  if (value?.type !== 'float32') throw new RangeError(`output ${name}: ${value ? value.type : 'absent'}`);
  return value;
}
