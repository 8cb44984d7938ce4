/** What `models/index.json` says: every file that a model is made of. */
export interface ModelIndex {
  readonly models: readonly ModelEntry[];
}

export interface ModelEntry {
  readonly id: string;
  readonly family: string;
  readonly title: string;
  /** By role, as `vision_model`. */
  readonly files: Readonly<Record<string, ModelFile>>;
}

export interface ModelFile {
  /** Inside `models/`, as `scene-clip-vit/onnx/vision_model.onnx`. Models may share a file. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}
