/** Models that no view here can show, told from what their config calls them, or from what goes into them. */

import type { ModelIndex } from '../onnx/model-index.ts';
import { VitrineError } from '../protocol/errors.ts';
import { GUIDANCE_INPUT } from './diffusion/guidance.ts';
import { pictureInput } from './vision-config.ts';

/** What was found instead of a model of pictures; the page has words for each. */
export type Found = 'sound' | 'text' | 'files' | 'inputs' | 'more-inputs' | 'no-onnx';

/** `model_type` of classes that hear. */
const SOUND: ReadonlySet<string> = new Set([
  'audio-spectrogram-transformer',
  'clap',
  'encodec',
  'hubert',
  'moonshine',
  'musicgen',
  'sew',
  'speech-encoder-decoder',
  'speecht5',
  'unispeech',
  'vits',
  'wav2vec2',
  'wav2vec2-bert',
  'wavlm',
  'whisper',
]);

/** Of classes that only read. */
const TEXT: ReadonlySet<string> = new Set([
  'albert',
  'bart',
  'bert',
  'bloom',
  'camembert',
  'deberta',
  'deberta-v2',
  'distilbert',
  'electra',
  'falcon',
  'gemma',
  'gemma2',
  'gemma3_text',
  'gpt2',
  'gpt_bigcode',
  'gpt_neo',
  'gpt_neox',
  'gptj',
  'llama',
  'm2m_100',
  'marian',
  'mbart',
  'mistral',
  'mobilebert',
  'modernbert',
  'mpnet',
  'mpt',
  'mt5',
  'nomic_bert',
  'opt',
  'pegasus',
  'phi',
  'phi3',
  'qwen2',
  'qwen3',
  'roberta',
  'roformer',
  'smollm3',
  'stablelm',
  'starcoder2',
  't5',
  'umt5',
  'xlm',
  'xlm-roberta',
]);

/** Throws `unsupported` for a `model_type` that is known to read no pictures; '' and unknown ones may go on. */
export function refuseKind(modelType: string): void {
  if (SOUND.has(modelType)) throw noView('sound', modelType);
  if (TEXT.has(modelType)) throw noView('text', modelType);
}

/**
 * Throws `unsupported` unless pictures go into a generative model's encoder as a view here feeds them: [batch, 3, y, x], or
 * several of them with the mask that says where they are.
 */
export function checkEncoder(model: ModelIndex): void {
  const free = model.inputs.filter(({ name }) => !model.initializers.has(name));
  try {
    pictureInput(model);
  } catch (error) {
    if (!(error instanceof VitrineError)) throw error;
    throw noView('inputs', free.map(({ name }) => name).join(', '), error);
  }
}

const UNET_INPUTS: ReadonlySet<string> = new Set([
  'sample',
  'timestep',
  'encoder_hidden_states',
  GUIDANCE_INPUT,
]);

/** Throws `unsupported` for a U-Net that wants more than a latent, a step, a text and a guidance scale: SDXL's sizes, a control. */
export function checkUnet(model: ModelIndex): void {
  const more = model.inputs.filter(({ name }) => !model.initializers.has(name) && !UNET_INPUTS.has(name));
  if (more.length > 0) throw noView('more-inputs', more.map(({ name }) => name).join(', '));
}

/** `what` are names: of the class, of files, of inputs. */
export function noView(found: Found, what: string, cause?: unknown): VitrineError {
  return new VitrineError('unsupported', `no view for ${found} ${what}`, { found, what }, cause);
}
