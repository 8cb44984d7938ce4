/** A value that JSON keeps as it is. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Everything needed to make a result again; it travels inside of every file that leaves. */
export interface Settings {
  /** The kind of result, as `heatmap`, `concepts`, `dissection`. */
  readonly kind: string;
  /** Model id, and the SHA-256 of each of its files. */
  readonly model: string;
  readonly sha256: { readonly [file: string]: string };
  /** Name of the algorithm, as `daam` or `netdissect`. */
  readonly recipe: string;
  readonly device: string;
  /** Address that opens the same view. */
  readonly link?: string;
  /** The job's own parameters: prompt, seed, steps, layer, head, ... */
  readonly parameters: { readonly [name: string]: Json };
}

/** What every JSON document starts with; `version` rises when a reader would have to change. */
export const format = { format: 'vitrine', version: 1 } as const;

/** A result with its settings as a JSON document. Numbers that JSON lacks (NaN, infinities) become null. */
export function toJson(settings: Settings, data: Json): string {
  return `${JSON.stringify({ ...format, settings, data }, null, 2)}\n`;
}
