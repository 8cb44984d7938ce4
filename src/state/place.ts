import type { ModelPlace } from '../protocol/library.ts';

/** The hub that is asked unless the visitor sets a mirror of it. */
export const HUB = 'https://huggingface.co';

/**
 * Reads what a visitor types or pastes: `owner/model`, an address on the hub (with its branch), or the URL of a file. Undefined
 * for what is none of these.
 */
export function readPlace(text: string, base: string, token: string): ModelPlace | undefined {
  const typed = text.trim();
  const secret = token === '' ? {} : { token };
  const name = /^([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/.exec(typed);
  if (name) return { kind: 'hub', base, id: name[1]!, revision: name[2] ?? 'main', ...secret };
  if (!/^https?:\/\//i.test(typed) || !URL.canParse(typed)) return undefined;
  const url = new URL(typed);
  const page = /^\/([\w.-]+\/[\w.-]+)(?:\/tree\/([\w.-]+))?\/?$/.exec(url.pathname);
  const onHub = url.origin === HUB || url.origin === new URL(base).origin;
  if (onHub && page) return { kind: 'hub', base, id: page[1]!, revision: page[2] ?? 'main', ...secret };
  return { kind: 'url', url: url.href };
}
