import type { Texts } from '../../text/texts.ts';
import { siteLabel } from '../site-label.ts';

/** How a layer of units is named in a list: where it stands, and what its units are. */
export function unitSiteLabel(site: string, texts: Texts): string {
  const { neurons } = texts;
  const layer = /\.layer(\d+)(?:\.(\d+))?/.exec(site);
  const place = layer
    ? neurons.layerNumber({
        name: layer[2] === undefined ? layer[1]! : `${layer[1]}.${Number(layer[2]) + 1}`,
      })
    : siteLabel(site, texts);
  const kind = /\.mlp\.(post|act|hidden)$/.test(site)
    ? neurons.kind_neurons
    : /\.resid_(post|mid|pre)$/.test(site)
      ? neurons.kind_directions
      : place === site
        ? ''
        : neurons.kind_channels;
  return kind === '' ? place : `${place}, ${kind}`;
}
