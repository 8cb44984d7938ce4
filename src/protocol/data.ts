/** Annotated data sets of the visitor's, as they cross the thread boundary: handles only, nothing is read yet. */

import type { Bytes } from '../tensor/bytes.ts';

/** A folder as the browser hands it out (`FileSystemDirectoryHandle`), or Node's likeness of one. */
export interface DirectoryHandle {
  readonly name: string;
  getDirectoryHandle(name: string): Promise<DirectoryHandle>;
  getFileHandle(name: string): Promise<{ getFile(): Promise<Bytes> }>;
  entries(): AsyncIterable<[string, { readonly kind: 'file' | 'directory' }]>;
}

/** Where the files are. `name` is for messages and for finding half-finished work again. */
export type DataFiles =
  | { readonly kind: 'directory'; readonly name: string; readonly directory: DirectoryHandle }
  | { readonly kind: 'zip'; readonly name: string; readonly bytes: Bytes }
  /** Dropped or picked files with their paths from the data set's root. */
  | {
      readonly kind: 'files';
      readonly name: string;
      readonly files: readonly { readonly path: string; readonly bytes: Bytes }[];
    };

export type DataFormat = 'broden' | 'coco-panoptic' | 'coco-instances' | 'masks' | 'pictures';

/** What a folder or zip turned out to be, and what of it can be used. */
export interface DataSummary {
  readonly format: DataFormat;
  readonly name: string;
  readonly images: number;
  readonly categories: readonly { readonly category: string; readonly labels: number }[];
  /** What is missing or could not be read, by name; the rest is used. At most a hundred are named. */
  readonly missing: readonly string[];
  readonly missingCount: number;
}
