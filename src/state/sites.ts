import type { SiteSummary } from '../protocol/jobs.ts';

/** Layers whose units have a map over the picture: hidden layers of MLPs and channels of convolutions. */
export function dissectableSites(sites: readonly SiteSummary[]): readonly SiteSummary[] {
  return sites.filter(({ name, axes }) => axes.includes('channel') || /\.mlp\.(post|act|hidden)$/.test(name));
}

/** Late layers hold the most object detectors: start in the second half. */
export function defaultSite(sites: readonly SiteSummary[]): SiteSummary | undefined {
  return sites[Math.floor((2 * sites.length) / 3)];
}
