/** A site's name without what is the same for all of a list: `unet.down.0.0.attn2.pattern` -> `down 0.0`. */
export function shortSite(site: string): string {
  const inner = site
    .replace(/^(unet|vision|text)\./, '')
    .replace(/\.(attn2\.pattern|mlp\.post|resid_post)$/, '');
  return inner.replace(/^([a-z_]+)\./, '$1 ');
}
