import type { DataFiles } from '../protocol/data.ts';
import type { DissectParams } from '../protocol/dissection.ts';
import type { NeuronsAddress } from './address.ts';

/** What a dissection of the address is asked with, usual values left out; undefined until a layer is chosen and the data are there. */
export function dissectionOf(
  { model, site, scenes, seed, recipe, noise, data: name }: NeuronsAddress,
  data: DataFiles | undefined,
): DissectParams | undefined {
  if (site === '' || (name !== '' && data?.name !== name)) return undefined;
  return {
    model,
    site,
    scenes,
    seed,
    ...(recipe !== 'netdissect' && { recipe }),
    ...(site.startsWith('unet.') && { noise }),
    ...(name !== '' && data && { data }),
  };
}
