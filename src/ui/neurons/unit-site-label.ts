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
        : channelKind(site, texts);
  return kind === '' ? place : `${place}, ${kind}`;
}

/** Of a residual block's three layers of channels: within, before and after what is added to. */
function channelKind(site: string, { neurons }: Texts): string {
  if (!/\.layer\d+\.\d+\./.test(site)) return neurons.kind_channels;
  if (/\.relu\d+$/.test(site)) return neurons.kind_channelsWithin;
  return /\.resid$/.test(site) ? neurons.kind_channelsSum : neurons.kind_channels;
}
