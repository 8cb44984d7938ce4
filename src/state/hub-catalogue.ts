import type { ModelFamily } from '../protocol/library.ts';

/** A checkpoint on the Hub whose architecture a structural twin in `models/fixtures` covers. Nothing else of it is stated here. */
export interface CatalogueEntry {
  readonly id: string;
  readonly family: ModelFamily;
  /** The twins that stand for it. */
  readonly twin: string;
}

export const HUB_CATALOGUE: readonly CatalogueEntry[] = [
  { id: 'Xenova/clip-vit-base-patch32', family: 'contrastive', twin: 'clip' },
  { id: 'Xenova/clip-vit-base-patch16', family: 'contrastive', twin: 'clip' },
  { id: 'Xenova/siglip-base-patch16-224', family: 'contrastive', twin: 'siglip' },
  { id: 'Xenova/vit-gpt2-image-captioning', family: 'generative', twin: 'vit-gpt2-decoder' },
  { id: 'onnx-community/Florence-2-base-ft', family: 'generative', twin: 'florence-decoder' },
  { id: 'HuggingFaceTB/SmolVLM-256M-Instruct', family: 'generative', twin: 'idefics-decoder' },
  { id: 'HuggingFaceTB/SmolVLM-500M-Instruct', family: 'generative', twin: 'idefics-decoder' },
  { id: 'llava-hf/llava-interleave-qwen-0.5b-hf', family: 'generative', twin: 'llava-decoder' },
  { id: 'nmkd/stable-diffusion-1.5-onnx-fp16', family: 'diffusion', twin: 'unet' },
  { id: 'TensorStack/SD-Turbo-onnx', family: 'diffusion', twin: 'unet' },
  { id: 'aislamov/lcm-dreamshaper-v7-onnx', family: 'diffusion', twin: 'unet-lcm' },
  { id: 'Xenova/resnet-18', family: 'backbone', twin: 'resnet-basic' },
  { id: 'Xenova/resnet-50', family: 'backbone', twin: 'resnet-bottleneck' },
  { id: 'Xenova/vit-base-patch16-224', family: 'backbone', twin: 'vit' },
];
