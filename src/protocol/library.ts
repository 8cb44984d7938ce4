/** Models of the visitor's own: from the Hub or a mirror of it, from a URL, from files. What they cost, getting them, keeping them. */

import type { Progress } from './progress.ts';

export const FAMILIES = ['contrastive', 'diffusion', 'generative', 'backbone', 'segmentation'] as const;
export type ModelFamily = (typeof FAMILIES)[number];

/** How a backbone's pictures are prepared where no file says; `read` where one does. */
export const PREPARATIONS = ['read', 'imagenet', 'caffe', 'unit', 'centred'] as const;
export type Preparation = (typeof PREPARATIONS)[number];

/** A Blob, as far as it is used here. */
export interface FileData {
  readonly size: number;
  slice(start: number, end: number): FileData;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What is to be opened. */
export type ModelPlace =
  /** `base` is the hub's address, `https://huggingface.co` or a mirror's. `token` opens gated models; it is never kept. */
  | {
      readonly kind: 'hub';
      readonly base: string;
      readonly id: string;
      readonly revision: string;
      readonly token?: string;
    }
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'files';
      /** Of the folder, or of the only file. */
      readonly name: string;
      readonly files: readonly { readonly path: string; readonly data: FileData }[];
    };

export interface PlannedFile {
  /** As `vision_model`. */
  readonly role: string;
  /** Inside the model's folder. */
  readonly path: string;
  readonly bytes: number;
  /** Bytes of it that are kept already. */
  readonly kept: number;
}

/**
 * Why a precision was chosen: the visitor did, there is no other, it is exact, the GPU computes in halves, larger ones do not fit
 * the memory, or nothing is sure to fit.
 */
export type PrecisionReason = 'asked' | 'only' | 'exact' | 'halves' | 'memory' | 'tight';

/** What opening would cost, told before anything large is fetched. */
export interface ModelPlan {
  /** What the model is called here from now on. */
  readonly id: string;
  readonly title: string;
  readonly family: ModelFamily;
  /** The host that would be asked; empty for files. */
  readonly host: string;
  /** The commit, for models of a hub. */
  readonly revision: string;
  /** As the hub says; empty where nobody says. */
  readonly licence: string;
  /** Precisions that the repository offers, as `fp32`, and the chosen one. */
  readonly precisions: readonly string[];
  readonly precision: string;
  readonly precisionReason: PrecisionReason;
  /** Bytes of memory that running it takes, roughly, and that it may take here. */
  readonly memoryNeed: number;
  readonly memoryRoom: number;
  readonly preparation: Preparation;
  readonly files: readonly PlannedFile[];
  readonly totalBytes: number;
  readonly missingBytes: number;
  /** `disk` survives the tab; `memory` where the browser offers no place. */
  readonly keeping: 'disk' | 'memory';
  /** What the browser says is free; absent where it does not say. */
  readonly freeBytes?: number;
}

export interface PlanParams {
  readonly place: ModelPlace;
  /** Empty for the best that fits. */
  readonly precision: string;
  readonly preparation: Preparation;
}

export interface FetchProgress extends Progress {
  /** The file on its way. */
  readonly path?: string;
  readonly bytesPerSecond?: number;
  /** The server refused ranges, so what was kept of this file is fetched again. */
  readonly restarted?: boolean;
}

/** What a text-to-image model is usually sampled with. */
export interface Sampling {
  readonly steps: number;
  readonly guidance: number;
}

/** A model that can be opened without asking anybody. */
export interface KeptModel {
  readonly id: string;
  readonly title: string;
  readonly family: ModelFamily;
  /** `hub`, `url` or `files`, and where exactly. */
  readonly origin: string;
  readonly revision: string;
  readonly licence: string;
  readonly precision: string;
  /** Side of the pictures that it looks at, in pixels; absent where nothing says. */
  readonly pictureSide?: number;
  /** Of a model that draws; absent where nothing says. */
  readonly sampling?: Sampling;
  readonly files: readonly {
    readonly role: string;
    readonly path: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}

/** Everything that is kept in this browser. */
export interface Library {
  readonly models: readonly KeptModel[];
  /** Files on their way or half fetched, by the path they had. */
  readonly partial: readonly { readonly key: string; readonly path: string; readonly bytes: number }[];
  readonly usedBytes: number;
  readonly freeBytes?: number;
  readonly keeping: 'disk' | 'memory';
  /** Bytes of model files held in memory, and the sessions that are open. */
  readonly heldBytes: number;
  readonly sessions: readonly string[];
}

export interface LibraryJobs {
  planModel: { params: PlanParams; progress: Progress; result: ModelPlan };
  fetchModel: { params: PlanParams; progress: FetchProgress; result: KeptModel };
  library: { params: Readonly<Record<string, never>>; progress: Progress; result: Library };
  /** `key` is a model's id or a partial file's key; empty for everything. */
  removeKept: { params: { readonly key: string }; progress: Progress; result: Library };
}

export type LibraryKind = keyof LibraryJobs;
