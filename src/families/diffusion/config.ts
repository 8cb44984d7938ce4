/** The sizes of a text-to-image model, from its `config.json`. */

import { VitrineError } from '../../protocol/errors.ts';

export interface DiffusionConfig {
  readonly latentChannels: number;
  /** Height and width of the latents. */
  readonly latentSize: number;
  /** Latents are divided by it before decoding. */
  readonly scalingFactor: number;
  /** Side of the pictures, in pixels. */
  readonly pictureSize: number;
  /** Whether sizes were filled in that the model's folder does not say. */
  readonly assumed: boolean;
}

/** Reads diffusers' fields, the U-Net's under `unet` and the autoencoder's under `vae`. Throws `model-corrupt` naming what is missing. */
export function readDiffusionConfig(json: unknown): DiffusionConfig {
  const unet = section(json, 'unet');
  const vae = section(json, 'vae');
  const latentSize = positive(unet, 'unet', 'sample_size');
  // The autoencoder's own size is that of its training; what it draws is as large as the U-Net's latents make it.
  const levels = Array.isArray(vae.block_out_channels) ? vae.block_out_channels.length : undefined;
  return {
    latentChannels: positive(unet, 'unet', 'in_channels'),
    latentSize,
    scalingFactor: positive(vae, 'vae', 'scaling_factor'),
    pictureSize: levels === undefined ? positive(vae, 'vae', 'sample_size') : latentSize * 2 ** (levels - 1),
    assumed: typeof json === 'object' && json !== null && 'assumed' in json && json.assumed === true,
  };
}

function section(json: unknown, name: string): Readonly<Record<string, unknown>> {
  const value =
    typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>)[name] : undefined;
  if (typeof value !== 'object' || value === null) throw corrupt(name);
  return value as Readonly<Record<string, unknown>>;
}

function positive(fields: Readonly<Record<string, unknown>>, at: string, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !(value > 0)) throw corrupt(`${at}.${name}`);
  return value;
}

function corrupt(what: string): VitrineError {
  return new VitrineError('model-corrupt', `config: ${what} is missing or not a positive number`, {
    file: 'config',
  });
}
