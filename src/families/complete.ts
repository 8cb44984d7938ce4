/** Files that a folder does not have in the form in which jobs read them, made of those that it has. */

import { besideName } from '../onnx/beside.ts';
import { indexModel } from '../onnx/model-index.ts';
import type { TensorRecord } from '../onnx/tensor-record.ts';
import { OnnxError } from '../onnx/wire.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { ModelFamily, Preparation } from '../protocol/library.ts';
import { clipTokenizer } from './clip-tokenizer.ts';
import { assumedConfig } from './diffusion/assumed-config.ts';
import { isJoint } from './joint.ts';
import { checkEncoder, checkUnet } from './kinds.ts';
import { likelyPreparation, preparationConfig } from './preparations.ts';
import { pictureInput } from './vision-config.ts';

export interface Folder {
  readonly family: ModelFamily;
  readonly roles: ReadonlySet<string>;
  /** Roles of the ONNX files to be looked into: those small enough to have their weights elsewhere. */
  readonly models: readonly string[];
  /** Whether the encoder of a generative model is small enough to be looked into. */
  readonly encoder: boolean;
  /** Names of the files that hold weights of a role. */
  beside(role: string): ReadonlySet<string>;
  bytes(role: string): Promise<Uint8Array>;
  text(role: string): Promise<string>;
}

/** JSON by role, to be kept beside the folder's own. Throws `unsupported` or `model-corrupt` for what cannot be opened. */
export async function completeFolder(
  folder: Folder,
  preparation: Preparation,
): Promise<Readonly<Record<string, unknown>>> {
  for (const role of folder.models) checkBeside(await folder.bytes(role), folder.beside(role));
  if (folder.family === 'generative' && folder.encoder) {
    checkEncoder(indexModel(await folder.bytes('vision_encoder')));
  }
  if (folder.family === 'diffusion' && folder.models.includes('unet')) {
    checkUnet(indexModel(await folder.bytes('unet')));
  }
  if (folder.family === 'contrastive' && !folder.roles.has('text_model')) {
    const model = indexModel(await folder.bytes('vision_model'));
    if (!isJoint(model)) {
      const what = `a model of words and pictures whose outputs are ${model.outputs.map(({ name }) => name).join(', ')}`;
      throw new VitrineError('unsupported', what, { what });
    }
  }
  const made: Record<string, unknown> = {};
  const has = (role: string): boolean => folder.roles.has(role);
  const parsed = async (role: string): Promise<unknown> => {
    try {
      return JSON.parse(await folder.text(role));
    } catch (cause) {
      throw new VitrineError('model-corrupt', `${role} is not JSON`, { file: role }, cause);
    }
  };
  if (folder.family === 'backbone') {
    const model = indexModel(await folder.bytes('vision_model'));
    const { size } = pictureInput(model);
    if (!has('preprocessor_config')) {
      const chosen = preparation === 'read' ? likelyPreparation(model) : preparation;
      made.preprocessor_config = preparationConfig(chosen, size);
    }
  }
  if (folder.family === 'diffusion' && !has('config')) {
    const unet = folder.models.includes('unet') ? indexModel(await folder.bytes('unet')) : null;
    made.config = assumedConfig(unet, {
      ...(has('unet_config') && { unet: await parsed('unet_config') }),
      ...(has('vae_config') && { vae: await parsed('vae_config') }),
      ...(has('scheduler_config') && { scheduler: await parsed('scheduler_config') }),
    });
  }
  if (!has('tokenizer') && has('vocabulary') && has('merges')) {
    made.tokenizer = clipTokenizer(await parsed('vocabulary'), await folder.text('merges'));
  }
  // Newer folders have the template as it is, older ones within JSON.
  if (has('chat_template_text'))
    made.chat_template = { chat_template: await folder.text('chat_template_text') };
  return made;
}

/** Throws `unsupported` for weights in a file that did not come along. */
function checkBeside(bytes: Uint8Array, names: ReadonlySet<string>): void {
  for (const { external } of weightsOf(bytes)) {
    if (!external || names.has(besideName(external.location))) continue;
    const what = `a model without ${besideName(external.location)}, the file that holds its weights: open its whole folder`;
    throw new VitrineError('unsupported', what, { what });
  }
}

/** None for bytes that are no model: whoever runs them says so. */
function weightsOf(bytes: Uint8Array): readonly TensorRecord[] {
  try {
    return [...indexModel(bytes).initializers.values()];
  } catch (error) {
    if (error instanceof OnnxError) return [];
    throw error;
  }
}
