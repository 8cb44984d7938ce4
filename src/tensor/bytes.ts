/** Bytes that lie elsewhere and are read a range at a time: a `Blob` or `File` of a browser, a file of Node. */
export interface Bytes {
  readonly size: number;
  /** The range [start, end), not yet read. */
  slice(start: number, end: number): Bytes;
  arrayBuffer(): Promise<ArrayBuffer>;
}
